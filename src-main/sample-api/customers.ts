import { CUSTOMER_COUNT, customers } from "./people";
import { bodyOf, numberIn, queryOf, refuse, type Routes } from "./routes";

const REGIONS: { readonly [country: string]: string } = {
  KE: "Africa",
  NG: "Africa",
  SE: "Europe",
  FR: "Europe",
  DE: "Europe",
  PT: "Europe",
  ES: "Europe",
  JP: "Asia",
  IN: "Asia",
  BR: "Americas",
};
const MOST_ENRICHED = 500;

/** A CRM: customers in pages, and two services that know more about them. */
export const customerRoutes: Routes = (server) => {
  server.get("/customers", (request) => {
    const query = queryOf(request);
    const size = numberIn(query, "page_size", 50, 1, 200);
    const page = numberIn(query, "page", 1, 1, 1_000_000);
    const status = query.status;
    const found = status === undefined ? customers : customers.filter((customer) => customer.status === status);
    const data = found.slice((page - 1) * size, page * size);
    const filter = status === undefined ? "" : `&status=${encodeURIComponent(status)}`;
    const next = page * size < found.length ? `/customers?page=${page + 1}&page_size=${size}${filter}` : null;
    return { data, page, page_size: size, total: found.length, next };
  });

  server.get("/customers/:id", (request, reply) => {
    const { id } = request.params as { readonly id: string };
    const customer = customers[Number(id) - 1];
    return (
      customer ??
      refuse(reply, 404, "unknown_customer", `There is no customer ${id}; ids go from 1 to ${CUSTOMER_COUNT}.`)
    );
  });

  server.post("/enrich/:kind", (request, reply) => {
    const { kind } = request.params as { readonly kind: string };
    const enrich = enrichments[kind];
    const { ids } = bodyOf(request);
    if (enrich === undefined) return refuse(reply, 404, "unknown_enrichment", `There is no enrichment ${kind}.`);
    if (!Array.isArray(ids))
      return refuse(reply, 422, "ids_missing", "The body needs `ids`, a list of customers' ids.");
    if (ids.length > MOST_ENRICHED) return refuse(reply, 413, "too_many", `At most ${MOST_ENRICHED} ids at a time.`);
    return {
      data: ids
        .map(Number)
        .filter((id) => customers[id - 1] !== undefined)
        .map(enrich),
    };
  });
};

const enrichments: { readonly [kind: string]: (id: number) => object } = {
  demographics: (id) => {
    const { country, birth_year } = customers[id - 1] as (typeof customers)[number];
    return {
      id,
      region: REGIONS[country] ?? "Elsewhere",
      age_band: birth_year < 1965 ? "60+" : birth_year < 1990 ? "35-59" : "18-34",
    };
  },
  purchases: (id) => ({
    id,
    orders: (id * 17) % 12,
    lifetime_value: Math.round(((id * 7_919) % 250_000) / 10) / 10,
    last_order: `2026-${String(1 + ((id * 5) % 11)).padStart(2, "0")}-${String(1 + (id % 28)).padStart(2, "0")}`,
  }),
};
