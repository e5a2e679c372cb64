import { customers } from "./people";
import { bodyOf, refuse, type Routes } from "./routes";

/** The user whose credentials the platform got, where nobody else is named. */
const SELF = "user_1";

/** The platform's capabilities: `POST /capabilities/{capability}/{operation}`, the arguments as a JSON object. Nothing is kept. */
export const capabilityRoutes: Routes = (server) => {
  server.post("/capabilities/user_management/get_user", (request, reply) => {
    const { user_id: given = SELF } = bodyOf(request);
    const found = userOf(String(given));
    return found ?? refuse(reply, 404, "unknown_user", "Users are called user_1, user_2 and so on.");
  });

  server.post("/capabilities/auth_rbac/check_permission", (request, reply) => {
    const { resource, action, user_id: user = SELF } = bodyOf(request);
    if (typeof resource !== "string" || typeof action !== "string")
      return refuse(reply, 422, "arguments_missing", "The body needs `resource` and `action`.");
    const allowed = !action.startsWith("delete");
    return { allowed, user_id: user, resource, action, role: allowed ? "member" : "none" };
  });

  server.post("/capabilities/audit_compliance/log_access", (request, reply) => {
    const { event_type: type, user_id: user = SELF } = bodyOf(request);
    if (typeof type !== "string") return refuse(reply, 422, "event_missing", "The body needs `event_type`.");
    return { audit_id: `aud_${type}_${String(user)}`, event_type: type, user_id: user, recorded: true };
  });

  server.post("/capabilities/notification/send", (request, reply) => {
    const { to, message } = bodyOf(request);
    if (to === undefined || message === undefined)
      return refuse(reply, 422, "arguments_missing", "The body needs `to` and `message`.");
    return { accepted: true, to, channel: "in_app" };
  });
};

function userOf(id: string): object | undefined {
  const customer = customers[Number(/^(?:user_)?(\d{1,6})$/.exec(id)?.[1] ?? 0) - 1];
  if (customer === undefined) return undefined;
  return {
    user_id: `user_${customer.id}`,
    name: customer.full_name.trim(),
    email: customer.email,
    user_type: customer.id % 3 === 0 ? "contractor" : "employee",
    active: customer.status === "active",
  };
}
