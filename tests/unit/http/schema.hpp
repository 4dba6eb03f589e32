#pragma once

#include <string>

#include <nlohmann/json.hpp>

/// As much of JSON Schema 2020-12 as openapi.yaml uses, to hold answers against it.
namespace fristvakt::tests {

/// Plain scalars become null, booleans and whole numbers where they look like it.
[[nodiscard]] nlohmann::json yaml_to_json(const std::string& yaml);

/// What is wrong with `value` under `schema`, with its place; empty when nothing is. `document` is
/// what `$ref` points into. A keyword that is not known here is a finding too: it would go
/// unchecked.
[[nodiscard]] std::string check_schema(const nlohmann::json& value, const nlohmann::json& schema,
                                       const nlohmann::json& document,
                                       const std::string& place = "");

/// `schema` itself, or what its `$ref` names.
[[nodiscard]] const nlohmann::json& resolve(const nlohmann::json& schema,
                                            const nlohmann::json& document);

}  // namespace fristvakt::tests
