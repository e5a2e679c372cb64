/** A customer as the sample CRM gives it, flaws included. */
export interface Customer {
  readonly id: number;
  readonly full_name: string;
  readonly email: string;
  readonly phone: string;
  readonly country: string;
  readonly birth_year: number;
  readonly status: "active" | "dormant";
  readonly note: string;
}

const FIRST =
  "Amina Björn Chloé Dmitri Emeka Fatima Grace Hiroshi Ines Jonas Kavita Luís Mei Noor Olga Pedro Rosa Samir Tomás Wanjiru".split(
    " ",
  );
const LAST =
  "Adeyemi Berg Costa Diallo Eriksson Fischer García Haddad Ito Jensen Kimani López Müller Nakamura Okafor Petrov Rossi Silva Tanaka Virtanen".split(
    " ",
  );
const COUNTRIES = ["KE", "SE", "FR", "DE", "NG", "JP", "PT", "ES", "BR", "IN"];
const BROKEN = [
  "not-an-email",
  "missing.at.example.org",
  "two@@example.org",
  "",
  "spaces in@example.org",
  "no-domain@",
];

/** How many customers there are. */
export const CUSTOMER_COUNT = 230;

/** Every customer, in the order of their ids. The same each time: the examples' results can be checked. */
export const customers: readonly Customer[] = Array.from({ length: CUSTOMER_COUNT }, (_, position) =>
  customer(position + 1),
);

function customer(id: number): Customer {
  const first = FIRST[(id * 7) % FIRST.length] as string;
  const last = LAST[(id * 13) % LAST.length] as string;
  const mail = `${plain(first)}.${plain(last)}${id}@example.org`;
  const isBroken = id % 16 === 5;
  return {
    id,
    // Some names come with blanks, as they do from real forms.
    full_name: id % 9 === 0 ? `  ${first} ${last} ` : `${first} ${last}`,
    email: isBroken ? (BROKEN[(id >> 4) % BROKEN.length] as string) : mail,
    phone: `+${200 + (id % 50)} ${1_000_000 + id * 3_571}`,
    country: COUNTRIES[(id * 3) % COUNTRIES.length] as string,
    birth_year: id % 47 === 0 ? 1790 : 1945 + ((id * 11) % 60),
    status: id % 5 === 0 ? "dormant" : "active",
    note: id % 23 === 0 ? "<b>VIP</b> since 2019" : "",
  };
}

function plain(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\P{ASCII}/gu, "")
    .toLowerCase();
}
