/** Addresses by the name of their listener, which is that of its security protocol. */
export type Listeners = Readonly<Record<string, string>>;

/** What one broker that is its own controller needs, and what makes it quick to start and to notice who has died. */
export function serverProperties(
  listeners: Listeners,
  controller: string,
  data: string,
): Record<string, string> {
  const named = Object.entries(listeners).map(([name, address]) => `${name}://${address}`);
  const protocols = Object.keys(listeners).map((name) => `${name}:${name}`);
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${controller}`,
    listeners: [...named, `CONTROLLER://${controller}`].join(','),
    'advertised.listeners': named.join(','),
    'listener.security.protocol.map': [...protocols, 'CONTROLLER:PLAINTEXT'].join(','),
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    // alone, a broker need not wait for more members
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '500',
  };
}
