/** Days as the registry writes them. */

const DAY = 86_400_000; // milliseconds

/** Give the day that is so many days from now. */
export function day(fromNow: number): string {
  return new Date(Date.now() + fromNow * DAY).toISOString().slice(0, 10);
}
