// @ts-check

/**
 * @param {() => void} run
 * @returns {number} milliseconds of processor that it takes: those of the clock would be those of all that runs beside it
 */
export function busyMilliseconds(run) {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
