import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { Owed } from "../../src-main/store/owed";
import { freshFolder } from "./folder";

function opened(file: string): Database.Database {
  return new Database(file, { timeout: 0 });
}

it("what the database refuses is written with what it takes next, once", () => {
  const file = join(freshFolder(), "owed.db");
  const [one, other] = [opened(file), opened(file)];
  one.exec("CREATE TABLE given (name TEXT)");
  const owed = new Owed();
  const give = (name: string) => (): void => void one.prepare("INSERT INTO given VALUES (?)").run(name);
  other.exec("BEGIN IMMEDIATE");
  owed.pay(give("a"));
  owed.pay(give("b"));
  other.exec("ROLLBACK");
  expect(one.prepare("SELECT name FROM given").pluck().all()).toEqual([]);
  owed.pay(give("c"));
  owed.pay();
  expect(one.prepare("SELECT name FROM given").pluck().all()).toEqual(["a", "b", "c"]);
  for (const db of [one, other]) db.close();
});

it("a mistake of the program is told", () => {
  const owed = new Owed();
  expect(() => owed.pay(() => JSON.parse("{") as never)).toThrow(SyntaxError);
});
