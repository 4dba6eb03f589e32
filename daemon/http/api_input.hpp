#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "daemon/http/http_message.hpp"
#include "workflows/model/case.hpp"
#include "workflows/ports.hpp"
#include "workflows/result.hpp"

/// What clients of the API send, read strictly: an unknown name is a mistake and is told, since a
/// misspelt filter that is passed over answers another question. All failures are InvalidInput.
/// Pure.
namespace fristvakt::daemon {

using CasesQuestion = workflows::CaseFilter;
using OutboxQuestion = workflows::MessageFilter;

/// `limit` is 1 to 500, 100 if not given.
[[nodiscard]] workflows::Result<CasesQuestion> read_cases_question(const HttpRequest& request);
[[nodiscard]] workflows::Result<OutboxQuestion> read_outbox_question(const HttpRequest& request);

/// One JSON object, without duplicate names and at most 32 levels deep. Says line and column of
/// what is no JSON.
[[nodiscard]] workflows::Result<nlohmann::ordered_json> parse_body(std::string_view body);

/// An event without its case. Beside `event`, `by`, `who`, `expected_revision` and `fields`, other
/// names are fields themselves; values are text, whole numbers or true and false.
[[nodiscard]] workflows::Result<workflows::Event> read_event(const nlohmann::ordered_json& body);
/// The same event in several cases: the body of /api/v1/batches. 1 to 500 cases, each once.
struct BatchOrder {
    std::vector<workflows::Event> events;
    bool dry_run{false};
};
[[nodiscard]] workflows::Result<BatchOrder> read_batch(const nlohmann::ordered_json& body);
/// What stands under `dry_run`; false when nothing does.
[[nodiscard]] workflows::Result<bool> read_dry_run(const nlohmann::ordered_json& body);
/// False for the clock, the configuration and other cases: those are not for others to play.
[[nodiscard]] bool is_from_outside(workflows::Actor actor);

/// The Idempotency-Key, with quotes taken off (draft-ietf-httpapi-idempotency-key-header); "" when
/// there is none. 1 to 200 printable ASCII characters.
[[nodiscard]] workflows::Result<std::string> read_idempotency_key(const HttpRequest& request);

/// What hold, release, retry, stop and postpone are told.
struct Order {
    std::string reason;
    std::string who;
    std::string until;
};
/// An empty body is an empty order.
[[nodiscard]] workflows::Result<Order> read_order(std::string_view body,
                                                  const std::vector<std::string_view>& names);

}  // namespace fristvakt::daemon
