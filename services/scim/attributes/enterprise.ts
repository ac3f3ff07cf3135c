import { attribute, column, computed, parts, type Schema } from "./attribute";
import { enterpriseUser } from "../urns";

/** RFC 7643 §4.3 (SCIM-062). */
export const enterpriseSchema: Schema = {
  urn: enterpriseUser,
  name: "EnterpriseUser",
  description: "What a company knows about its employees.",
  attributes: [
    attribute("employeeNumber", "Number that the company gave to the employee.", column("employee_number")),
    attribute("costCenter", "Cost center.", column("cost_center")),
    attribute("organization", "Company.", column("organization_name")),
    attribute("division", "Division.", column("division")),
    attribute("department", "Department.", column("department")),
    attribute("manager", "The person's manager.", parts, {
      type: "complex",
      subAttributes: [
        // Kept as received even when nobody has this id yet: identity providers push managers late (SCIM-062).
        attribute("value", "Id of the manager's User.", column("manager_ref"), { caseExact: true, maxLength: 512 }),
        attribute("$ref", "URL of the manager's User.", computed("manager.ref"), {
          type: "reference",
          mutability: "readOnly",
          referenceTypes: ["User"],
        }),
        attribute("displayName", "Name of the manager.", computed("manager.displayName"), { mutability: "readOnly" }),
      ],
    }),
  ],
};
