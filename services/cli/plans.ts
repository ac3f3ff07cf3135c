import { listCatalogue } from "../domain/catalog";
import { formatUnitPrice } from "../kernel/money";
import type { Command } from "./command";

/** `plenum plans`: the catalogue. */
export const plans: Command = {
  name: "plans",
  summary: "list the plans with their prices and features",
  async run(context) {
    const json = await listCatalogue(await context.database());
    const lines = json.map((plan) => {
      const prices = plan.prices
        .filter((price) => price.currency === "EUR")
        .map((p) => `${p.billingMode} ${formatUnitPrice(p.unitAmount)} ${p.currency}`);
      return `${plan.code.padEnd(12)}${plan.kind.padEnd(9)}${prices.join(", ")}`;
    });
    return { json, text: lines.join("\n") };
  },
};
