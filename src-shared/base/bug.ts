/** Thrown where the program itself is wrong; never for bad input, a missing file or a failing server. */
export class Bug extends Error {
  override readonly name = "Bug";
}

/** Makes the compiler prove that every case of a union is handled. */
export function unreachable(value: never): never {
  throw new Bug(`unreachable case: ${JSON.stringify(value)}`);
}
