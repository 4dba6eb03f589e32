#include "daemon/http/api_input.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/http/json_of.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"
#include "workflows/time/nearest.hpp"

namespace fristvakt::daemon {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

constexpr std::size_t kTextMax{4096};
constexpr std::size_t kKeyMax{200};
constexpr std::size_t kLimitMax{500};
constexpr int kDepthMax{32};

Error invalid(std::string message) {
    return {ErrorKind::InvalidInput, std::move(message)};
}

Error unknown_name(std::string_view what, std::string_view name,
                   const std::vector<std::string_view>& known) {
    const std::string_view near = workflows::nearest_word(name, known);
    std::string out = fmt::format("{} '{}' is not known; ", what, name);
    if (!near.empty()) {
        return invalid(out + fmt::format("did you mean '{}'?", near));
    }
    out += "known:";
    for (const std::string_view one : known) {
        out += fmt::format(" {}", one);
    }
    return invalid(out);
}

workflows::Status check_names(const HttpRequest& request,
                              const std::vector<std::string_view>& known) {
    std::set<std::string_view> seen;
    for (const auto& [name, value] : request.query) {
        if (std::ranges::find(known, name) == known.end()) {
            return unknown_name("the query parameter", name, known);
        }
        if (!seen.insert(name).second) {
            return invalid(fmt::format("the query parameter '{}' stands there twice", name));
        }
    }
    return workflows::Done{};
}

Result<std::size_t> read_limit(const HttpRequest& request) {
    const auto text = request.argument("limit");
    if (!text) {
        return std::size_t{100};
    }
    const auto number = parse_number(*text);
    if (!number || static_cast<std::size_t>(*number) > kLimitMax) {
        return invalid(fmt::format("limit is a whole number from 1 to {}", kLimitMax));
    }
    return static_cast<std::size_t>(*number);
}

std::string argument(const HttpRequest& request, std::string_view name) {
    return std::string{request.argument(name).value_or("")};
}

/// Takes in nothing but sees whether the text is one that may be taken in.
class Gate : public nlohmann::json_sax<nlohmann::json> {
 public:
    std::string refused;  ///< Why; empty when it may.

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override {
        names_.emplace_back();
        return is_shallow();
    }
    bool end_object() override {
        names_.pop_back();
        return true;
    }
    bool start_array(std::size_t) override {
        names_.emplace_back();
        return is_shallow();
    }
    bool end_array() override { return end_object(); }
    bool key(string_t& name) override {
        if (!names_.back().insert(name).second) {
            refused = fmt::format("'{}' stands there twice", name);
        }
        return refused.empty();
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception&) override {
        error_at = position;
        return false;
    }
    std::size_t error_at{0};  ///< From 1; 0: none.

 private:
    bool is_shallow() {
        if (names_.size() > kDepthMax) {
            refused = fmt::format("it is more than {} levels deep", kDepthMax);
        }
        return refused.empty();
    }
    std::vector<std::set<std::string>> names_;
};

Error syntax_error(std::string_view body, std::size_t position) {
    const std::string_view before = body.substr(0, std::min(position, body.size()));
    const auto lines =
        std::ranges::count(before.substr(0, before.empty() ? 0 : before.size() - 1), '\n');
    const std::size_t last = before.substr(0, before.empty() ? 0 : before.size() - 1).rfind('\n');
    const std::size_t column = last == std::string_view::npos ? position : position - last - 1;
    return invalid(fmt::format("the body is no JSON: line {}, column {}", lines + 1,
                               std::max<std::size_t>(column, 1)));
}

Result<std::string> scalar_text(const std::string& name, const Json& value) {
    std::string out;
    if (value.is_string()) {
        out = value.get<std::string>();
    } else if (value.is_number_integer() || value.is_boolean()) {
        out = value.dump();
    } else {
        return invalid(fmt::format("'{}' must be text, a whole number, true or false", name));
    }
    if (out.size() > kTextMax) {
        return invalid(fmt::format("'{}' may have at most {} bytes", name, kTextMax));
    }
    const auto is_control = [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
    };
    if (std::ranges::any_of(out, is_control)) {
        return invalid(fmt::format("'{}' has control characters in it", name));
    }
    return out;
}

Result<std::string> wanted_text(const Json& body, const std::string& name, bool required) {
    const auto found = body.find(name);
    if (found == body.end()) {
        return required ? Result<std::string>{invalid(fmt::format("'{}' is missing", name))}
                        : Result<std::string>{std::string{}};
    }
    if (!found->is_string()) {
        return invalid(fmt::format("'{}' must be text", name));
    }
    return scalar_text(name, *found);
}

workflows::Status add_field(workflows::Event& event, const std::string& name, const Json& value) {
    auto text = scalar_text(name, value);
    if (!text.ok()) {
        return text.error();
    }
    if (!event.fields.emplace(name, std::move(text).value()).second) {
        return invalid(fmt::format("'{}' stands both in fields and beside them", name));
    }
    return workflows::Done{};
}

workflows::Status add_fields(workflows::Event& event, const Json& body) {
    for (const auto& [name, value] : body.items()) {
        static const std::set<std::string, std::less<>> kOwn{
            "event", "by", "who", "expected_revision", "on_behalf", "dry_run", "items"};
        if (kOwn.contains(name)) {
            continue;
        }
        if (name != "fields") {
            const auto added = add_field(event, name, value);
            if (!added.ok()) {
                return added;
            }
            continue;
        }
        if (!value.is_object()) {
            return invalid("'fields' must be an object");
        }
        for (const auto& [inner, content] : value.items()) {
            const auto added = add_field(event, inner, content);
            if (!added.ok()) {
                return added;
            }
        }
    }
    return workflows::Done{};
}

}  // namespace

Result<CasesQuestion> read_cases_question(const HttpRequest& request) {
    const auto names = check_names(
        request, {"cohort", "requirement", "organisation", "state", "final", "after", "limit"});
    if (!names.ok()) {
        return names.error();
    }
    const auto limit = read_limit(request);
    if (!limit.ok()) {
        return limit.error();
    }
    CasesQuestion out;
    out.cohort = argument(request, "cohort");
    out.requirement = argument(request, "requirement");
    out.debtor = argument(request, "organisation");
    out.state = argument(request, "state");
    out.after_id = argument(request, "after");
    out.count_max = limit.value();
    if (const auto final = request.argument("final")) {
        if (*final != "true" && *final != "false") {
            return invalid("final is true or false");
        }
        out.final = *final == "true";
    }
    return out;
}

Result<OutboxQuestion> read_outbox_question(const HttpRequest& request) {
    const auto names = check_names(request, {"case", "state", "before", "limit"});
    if (!names.ok()) {
        return names.error();
    }
    const auto limit = read_limit(request);
    if (!limit.ok()) {
        return limit.error();
    }
    OutboxQuestion out;
    out.case_id = argument(request, "case");
    out.count_max = limit.value();
    if (const auto state = request.argument("state")) {
        out.state = parse_message_state(*state);
        if (!out.state) {
            return unknown_name(
                "the state", *state,
                {"waiting", "sending", "sent", "held", "failed", "dropped", "uncertain"});
        }
    }
    if (const auto before = request.argument("before")) {
        const auto number = parse_number(*before);
        if (!number) {
            return invalid("before is the number of a message, from 1");
        }
        out.before_number = *number;
    }
    return out;
}

Result<Json> parse_body(std::string_view body) {
    // First without building anything: depth and duplicates are seen before memory is spent on
    // them.
    Gate gate;
    const bool well_formed = nlohmann::json::sax_parse(body, &gate);
    if (!gate.refused.empty()) {
        return invalid("the body cannot be taken: " + gate.refused);
    }
    if (!well_formed) {
        return syntax_error(body, gate.error_at);
    }
    Json out = Json::parse(body, nullptr, false);
    if (!out.is_object()) {
        return invalid("the body must be one JSON object");
    }
    return out;
}

Result<workflows::Event> read_event(const Json& body) {
    workflows::Event out;
    auto name = wanted_text(body, "event", true);
    auto by = wanted_text(body, "by", true);
    auto who = wanted_text(body, "who", false);
    for (const auto* text : {&name, &by, &who}) {
        if (!text->ok()) {
            return text->error();
        }
    }
    const auto actor = workflows::parse_actor(by.value());
    if (!actor) {
        return unknown_name("by", by.value(), {"debtor", "creditor", "operator"});
    }
    out.name = std::move(name).value();
    out.by = *actor;
    out.who = std::move(who).value();
    if (const auto revision = body.find("expected_revision"); revision != body.end()) {
        if (!revision->is_number_unsigned() || *revision > 1'000'000'000) {
            return invalid("'expected_revision' is the whole number that the case had");
        }
        out.expected_revision = revision->get<int>();
    }
    if (const auto behalf = body.find("on_behalf"); behalf != body.end()) {
        if (!behalf->is_boolean() || (*behalf == true && out.by != workflows::Actor::Debtor)) {
            return invalid("'on_behalf' is true or false, and true only with by debtor");
        }
        out.on_behalf = behalf->get<bool>();
    }
    const auto added = add_fields(out, body);
    if (!added.ok()) {
        return added.error();
    }
    return out;
}

Result<bool> read_dry_run(const Json& body) {
    const auto found = body.find("dry_run");
    if (found == body.end()) {
        return false;
    }
    return found->is_boolean() ? Result<bool>{found->get<bool>()}
                               : Result<bool>{invalid("'dry_run' is true or false")};
}

Result<BatchOrder> read_batch(const Json& body) {
    constexpr std::size_t kItemsMax{500};
    const auto dry_run = read_dry_run(body);
    const auto event = read_event(body);
    if (!dry_run.ok() || !event.ok()) {
        return dry_run.ok() ? event.error() : dry_run.error();
    }
    const auto items = body.find("items");
    if (items == body.end() || !items->is_array() || items->empty() || items->size() > kItemsMax) {
        return invalid(fmt::format("'items' lists 1 to {} cases", kItemsMax));
    }
    BatchOrder out{.events = {}, .dry_run = dry_run.value()};
    std::set<std::string> seen;
    for (const Json& item : *items) {
        if (!item.is_object()) {
            return invalid("each of 'items' is an object: {\"case\": …}");
        }
        for (const auto& [name, value] : item.items()) {
            if (name != "case" && name != "expected_revision") {
                return unknown_name("the name", name, {"case", "expected_revision"});
            }
        }
        auto id = wanted_text(item, "case", true);
        if (!id.ok()) {
            return id.error();
        }
        if (!seen.insert(id.value()).second) {
            return invalid(fmt::format("the case {} stands there twice", id.value()));
        }
        workflows::Event one = event.value();
        one.case_id = std::move(id).value();
        if (const auto revision = item.find("expected_revision"); revision != item.end()) {
            if (!revision->is_number_unsigned() || *revision > 1'000'000'000) {
                return invalid("'expected_revision' is the whole number that the case had");
            }
            one.expected_revision = revision->get<int>();
        }
        out.events.push_back(std::move(one));
    }
    return out;
}

bool is_from_outside(workflows::Actor actor) {
    using workflows::Actor;
    return actor == Actor::Debtor || actor == Actor::Creditor || actor == Actor::Operator;
}

Result<std::string> read_idempotency_key(const HttpRequest& request) {
    const auto header = request.header("idempotency-key");
    if (!header) {
        return std::string{};
    }
    std::string_view key = *header;
    if (key.size() >= 2 && key.starts_with('"') && key.ends_with('"')) {
        key = key.substr(1, key.size() - 2);
    }
    const bool printable = std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7F; });
    if (key.empty() || key.size() > kKeyMax || !printable) {
        return invalid(fmt::format(
            "Idempotency-Key is 1 to {} printable ASCII characters without blanks", kKeyMax));
    }
    return std::string{key};
}

Result<Order> read_order(std::string_view body, const std::vector<std::string_view>& names) {
    Order out;
    if (body.empty()) {
        return out;
    }
    const auto parsed = parse_body(body);
    if (!parsed.ok()) {
        return parsed.error();
    }
    for (const auto& [name, value] : parsed.value().items()) {
        if (std::ranges::find(names, name) == names.end()) {
            return unknown_name("the name", name, names);
        }
        auto text = wanted_text(parsed.value(), name, true);
        if (!text.ok()) {
            return text.error();
        }
        std::string& place = name == "reason" ? out.reason : name == "until" ? out.until : out.who;
        place = std::move(text).value();
    }
    return out;
}

}  // namespace fristvakt::daemon
