/**
 * Makes state that outlives the screen which asks for it first. A `$derived` belongs to the effect that is active when
 * it is made, and stands still once that effect is gone; state kept in a map would go on with old values after its
 * screen was left and opened again.
 */
export function lasting<T>(make: () => T): T {
  const made: T[] = [];
  $effect.root(() => void made.push(make()));
  return made[0] as T;
}
