FROM node:24
WORKDIR /lefton
COPY . .
RUN npm ci --omit=dev
USER node
ENTRYPOINT ["node", "service/lefton.js"]
