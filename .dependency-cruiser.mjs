// protocol ← client ← web, cli; protocol ← server. Whatever drives them (e2e, sim, bench) may import everything.
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^packages/${from}/` },
  to: { path: '^(packages|e2e|sim|bench|tools)/', pathNot: `^packages/(${[from, ...allowed].join('|')})/` },
});

const platformNeutral = '^packages/(protocol|client)/src/';
const TEST = '\\.test\\.tsx?$';

export default {
  forbidden: [
    only('protocol-stands-alone', 'The words of the wire depend on nothing of ours.', 'protocol', []),
    only('client-knows-protocol', 'The engine knows the words of the wire alone.', 'client', ['protocol']),
    only('server-knows-protocol', 'The server knows the words of the wire alone.', 'server', ['protocol']),
    only('web-knows-client', 'The app knows the engine and the words, not the server.', 'web', ['client', 'protocol']),
    only('cli-knows-client', 'The terminal client knows the engine and the words.', 'cli', ['client', 'protocol']),
    {
      name: 'no-cycle',
      comment: 'What depends on each other in a circle is one thing in several files.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'platform-neutral',
      comment: 'The engine and the words run in a browser, in Node and in a simulation alike.',
      severity: 'error',
      from: { path: platformNeutral, pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'few-packages',
      comment: 'Each dependency of the engine and the words has its reason in their READMEs.',
      severity: 'error',
      from: { path: platformNeutral, pathNot: TEST },
      to: { path: 'node_modules/', pathNot: 'node_modules/(valibot|@noble/hashes)/' },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere hides what it would have broken.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|\\?)' },
    },
    {
      name: 'declared',
      comment: 'A package that is used is declared where it is used.',
      severity: 'error',
      from: { path: '^(packages|e2e|sim|bench)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'sources-know-no-tests',
      comment: 'What ships imports nothing that only tests need.',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: TEST },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|dist-types|test-results)/' },
    tsConfig: { fileName: 'tsconfig.run.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
    },
  },
};
