// Parsed by whatever Node is there, so nothing newer than it needs to say that it is too old.
const OLDEST = [20, 19];

/** Ends the process with one line where Node is older than Earshot supports. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  console.error(
    `Earshot needs Node ${OLDEST.join('.')} or newer; this is Node ${process.versions.node}. Get one at https://nodejs.org`,
  );
  process.exit(1);
}
