// @ts-check
/** Numbers that are nearly the same. */

/**
 * Whether two forms are one slip apart: a character wrong, missing, too many, or two neighbours changed about.
 * @param {string} a
 * @param {string} b
 * @returns {boolean} false for equal ones
 */
export function isOneSlip(a, b) {
  const [shorter, longer] = a.length <= b.length ? [a, b] : [b, a];
  if (longer.length - shorter.length > 1 || a === b) {
    return false;
  }
  let same = 0;
  while (same < shorter.length && shorter[same] === longer[same]) {
    same += 1;
  }
  if (shorter.length < longer.length) {
    return shorter.slice(same) === longer.slice(same + 1);
  }
  if (shorter.slice(same + 1) === longer.slice(same + 1)) {
    return true;
  }
  const changedAbout = shorter[same] === longer[same + 1] && shorter[same + 1] === longer[same];
  return changedAbout && shorter.slice(same + 2) === longer.slice(same + 2);
}
