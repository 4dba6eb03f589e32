// What clients of the API send: a query, an Idempotency-Key and a body, each behind a line "%%".

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "daemon/http/api_input.hpp"
#include "daemon/http/json_of.hpp"
#include "daemon/http/url.hpp"
#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace daemon;

/// An error becomes an answer that is JSON, and so UTF-8.
void look_at(const workflows::Error& error) {
    demand(!error.message.empty(), "an error says what");
    const HttpResponse answer = problem(400, error.message, "/api/v1/cases");
    demand(is_valid_utf8(answer.body), "an answer is UTF-8", answer.body);
    demand(!Json::parse(answer.body, nullptr, false).is_discarded(), "an answer is JSON",
           answer.body);
}

void try_questions(HttpRequest& request, std::string_view query, std::string_view key) {
    auto parsed = parse_query(query);
    if (!parsed) {
        return;
    }
    request.query = std::move(*parsed);
    request.headers = {{"idempotency-key", std::string{key}}};
    const auto cases = read_cases_question(request);
    const auto outbox = read_outbox_question(request);
    const auto idempotency = read_idempotency_key(request);
    cases.ok() ? demand(cases.value().count_max >= 1 && cases.value().count_max <= 500, "1 to 500")
               : look_at(cases.error());
    outbox.ok()
        ? demand(outbox.value().count_max >= 1 && outbox.value().count_max <= 500, "1 to 500")
        : look_at(outbox.error());
    if (!idempotency.ok()) {
        look_at(idempotency.error());
        return;
    }
    const std::string& taken = idempotency.value();
    demand(!taken.empty() && taken.size() <= 200, "a key has 1 to 200 characters", taken);
    demand(std::ranges::all_of(taken, [](char c) { return c > ' ' && c <= '~'; }),
           "a key is printable", taken);
}

void look_at_text(const std::string& text) {
    demand(text.size() <= 4096, "texts have a limit");
    demand(is_valid_utf8(text), "texts are UTF-8", text);
    demand(std::ranges::none_of(text,
                                [](char c) {
                                    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' &&
                                            c != '\t') ||
                                           c == 0x7F;
                                }),
           "texts have no control characters", text);
}

void look_at_event(const workflows::Event& event) {
    demand(event.by == workflows::Actor::Debtor || event.by == workflows::Actor::Creditor ||
               event.by == workflows::Actor::Operator || !is_from_outside(event.by),
           "only people are from outside");
    for (const std::string* text : {&event.name, &event.who}) {
        look_at_text(*text);
    }
    for (const auto& [name, value] : event.fields) {
        demand(is_valid_utf8(name), "names are UTF-8", name);
        look_at_text(value);
    }
}

}  // namespace

void try_api(std::string_view text) {
    HttpRequest request{.method = "POST", .raw_path = "/api/v1/cases"};
    const std::string_view query = take_until(text, "\n%%\n");
    const std::string_view key = take_until(text, "\n%%\n");
    try_questions(request, query, key);

    const auto order = read_order(text, {"reason", "who"});
    order.ok() ? look_at_text(order.value().reason) : look_at(order.error());
    const auto body = parse_body(text);
    if (!body.ok()) {
        look_at(body.error());
        return;
    }
    const std::string written = to_bytes(body.value());
    const auto again = parse_body(written);
    demand(again.ok(), "a body that is written is read back", written);
    demand(to_bytes(again.value()) == written, "as the same", written);
    const auto event = read_event(body.value());
    event.ok() ? look_at_event(event.value()) : look_at(event.error());
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_api(fristvakt::fuzz::text_of(data, size));
    return 0;
}
