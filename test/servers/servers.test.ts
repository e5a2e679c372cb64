import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mariadbPrograms, startMariadb } from "./mariadb";
import { postgresqlPrograms, startPostgresql } from "./postgresql";
import type { DatabaseServer } from "./process";

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

describe.each([
  ["PostgreSQL", postgresqlPrograms() !== undefined, startPostgresql] as const,
  ["MariaDB", mariadbPrograms() !== undefined, startMariadb] as const,
])("%s", (_name, installed, start) => {
  describe.skipIf(!installed)("is installed", () => {
    let server: DatabaseServer;
    beforeAll(async () => void (server = await start()));
    afterAll(() => server.stop());

    it("listens on a port of its own, and again after a restart", async () => {
      const { port } = server.settings;
      expect(await answers(port)).toBe(true);
      await server.down();
      expect(await answers(port)).toBe(false);
      await server.restart();
      expect(await answers(port)).toBe(true);
    });
  });
});
