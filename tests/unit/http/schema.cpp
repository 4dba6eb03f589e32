#include "tests/unit/http/schema.hpp"

#include <algorithm>
#include <array>
#include <regex>

#include <yaml-cpp/yaml.h>

namespace fristvakt::tests {

using nlohmann::json;

namespace {

json scalar(const YAML::Node& node) {
    const std::string text = node.Scalar();
    if (node.Tag() == "!") {
        return text;
    }
    if (text == "true" || text == "false") {
        return text == "true";
    }
    if (text == "null" || text.empty()) {
        return nullptr;
    }
    static const std::regex kNumber{"-?[0-9]+"};
    return std::regex_match(text, kNumber) ? json(std::stoll(text)) : json(text);
}

json convert(const YAML::Node& node) {
    json out;
    if (node.IsMap()) {
        out = json::object();
        for (const auto& pair : node) {
            out[pair.first.Scalar()] = convert(pair.second);
        }
    } else if (node.IsSequence()) {
        out = json::array();
        for (const auto& item : node) {
            out.push_back(convert(item));
        }
    } else if (node.IsScalar()) {
        out = scalar(node);
    }
    return out;
}

bool has_type(const json& value, const std::string& type) {
    return (type == "null" && value.is_null()) || (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer()) ||
           (type == "string" && value.is_string()) || (type == "array" && value.is_array()) ||
           (type == "object" && value.is_object());
}

std::string check_type(const json& value, const json& type) {
    if (type.is_string()) {
        return has_type(value, type) ? "" : "is no " + type.get<std::string>();
    }
    for (const json& one : type) {
        if (has_type(value, one)) {
            return "";
        }
    }
    return "is none of " + type.dump();
}

std::string check_format(const json& value, const std::string& format) {
    static const std::regex kDate{R"(\d{4}-\d\d-\d\d)"};
    static const std::regex kTime{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))"};
    if (!value.is_string()) {
        return "";
    }
    return std::regex_match(value.get<std::string>(), format == "date" ? kDate : kTime)
               ? ""
               : "is no " + format;
}

std::string check_object(const json& value, const json& schema, const json& document,
                         const std::string& place) {
    const json none = json::object();
    const json& properties = schema.contains("properties") ? schema["properties"] : none;
    for (const auto& [name, content] : value.items()) {
        const std::string inner = place + "/" + name;
        std::string wrong;
        if (properties.contains(name)) {
            wrong = check_schema(content, properties[name], document, inner);
        } else if (schema.contains("additionalProperties")) {
            const json& others = schema["additionalProperties"];
            wrong = others == false ? inner + " is not described"
                                    : check_schema(content, others, document, inner);
        }
        if (!wrong.empty()) {
            return wrong;
        }
    }
    return "";
}

std::string check_combined(const json& value, const json& schema, const json& document,
                           const std::string& place) {
    for (const json& one : schema.value("allOf", json::array())) {
        std::string wrong = check_schema(value, one, document, place);
        if (!wrong.empty()) {
            return wrong;
        }
    }
    if (schema.contains("anyOf")) {
        std::string last;
        for (const json& one : schema["anyOf"]) {
            last = check_schema(value, one, document, place);
            if (last.empty()) {
                return "";
            }
        }
        return last;
    }
    return "";
}

std::string check_keywords(const json& schema, const std::string& place) {
    static constexpr std::array kKnown{"type",
                                       "format",
                                       "enum",
                                       "const",
                                       "required",
                                       "properties",
                                       "allOf",
                                       "minimum",
                                       "maximum",
                                       "items",
                                       "anyOf",
                                       "description",
                                       "$ref",
                                       "default",
                                       "minLength",
                                       "maxLength",
                                       "additionalProperties"};
    for (const auto& [name, content] : schema.items()) {
        if (std::ranges::find(kKnown, name) == kKnown.end()) {
            return place + ": the schema's " + name + " is not checked";
        }
    }
    return "";
}

}  // namespace

json yaml_to_json(const std::string& yaml) {
    return convert(YAML::Load(yaml));
}

const json& resolve(const json& schema, const json& document) {
    if (!schema.contains("$ref")) {
        return schema;
    }
    return document.at(json::json_pointer(schema["$ref"].get<std::string>().substr(1)));
}

std::string check_schema(const json& value, const json& given, const json& document,
                         const std::string& place) {
    const json& schema = resolve(given, document);
    std::string wrong = check_keywords(schema, place);
    if (wrong.empty() && schema.contains("type")) {
        wrong = check_type(value, schema["type"]);
    }
    if (wrong.empty() && schema.contains("format")) {
        wrong = check_format(value, schema["format"]);
    }
    if (wrong.empty() && schema.contains("enum")) {
        const json& all = schema["enum"];
        wrong =
            std::find(all.begin(), all.end(), value) == all.end() ? "is none of " + all.dump() : "";
    }
    if (wrong.empty() && schema.contains("const") && schema["const"] != value) {
        wrong = "is not " + schema["const"].dump();
    }
    if (wrong.empty() && schema.contains("minimum") && value.is_number() &&
        value < schema["minimum"]) {
        wrong = "is too small";
    }
    for (const json& name : schema.value("required", json::array())) {
        if (wrong.empty() && value.is_object() && !value.contains(name)) {
            wrong = "lacks " + name.get<std::string>();
        }
    }
    if (!wrong.empty()) {
        return place + " " + wrong + ": " + value.dump().substr(0, 200);
    }
    if (value.is_object()) {
        wrong = check_object(value, schema, document, place);
    }
    if (value.is_array() && schema.contains("items")) {
        for (std::size_t i = 0; i < value.size() && wrong.empty(); ++i) {
            wrong =
                check_schema(value[i], schema["items"], document, place + "/" + std::to_string(i));
        }
    }
    return wrong.empty() ? check_combined(value, schema, document, place) : wrong;
}

}  // namespace fristvakt::tests
