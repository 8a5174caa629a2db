import tseslint from 'typescript-eslint';

const noClock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'core has no clock' },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'core has no clock',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'core is deterministic',
  },
];

export default tseslint.config(
  { ignores: ['node_modules', '**/*.js', 'notebooks/tfjs-node'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 220, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['core/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...noClock],
      'no-restricted-globals': ['error', 'process', 'console', 'setTimeout', 'setInterval', 'fetch'],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    // node:test returns promises the runner itself awaits
    rules: { '@typescript-eslint/no-floating-promises': 'off', 'max-lines': 'off' },
  },
);
