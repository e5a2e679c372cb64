import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: { readonly [name: string]: string };
}

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  readonly packages: { readonly [path: string]: Locked };
};

describe("the lock file", () => {
  it("names the native packages of every platform, also of those this machine is not", () => {
    const known = Object.keys(packages).map((path) => path.split("node_modules/").at(-1));
    const missing = Object.values(packages)
      .flatMap((one) => Object.keys(one.optionalDependencies ?? {}))
      .filter((name) => !known.includes(name));
    expect(missing).toEqual([]);
  });

  it("names no registry, so that everybody's own serves", () => {
    expect(
      Object.entries(packages)
        .filter(([, one]) => one.resolved?.startsWith("http"))
        .map(([path]) => path),
    ).toEqual([]);
  });

  it("pins what the project asks for exactly", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Record<
      string,
      Record<string, string>
    >;
    expect(Object.values({ ...dependencies, ...devDependencies }).filter((version) => !/^\d/.test(version))).toEqual(
      [],
    );
  });
});
