#pragma once

#include <nlohmann/json_fwd.hpp>

#include "daemon/engine/engine_access.hpp"
#include "daemon/http/http_message.hpp"
#include "workflows/decision/explain.hpp"
#include "workflows/ports.hpp"

/// The values of the API as JSON; config of names and forms is openapi.yaml. Pure.
namespace fristvakt::daemon {

using Json = nlohmann::ordered_json;

/// What a case's derived parts are made from.
struct JsonContext {
    const workflows::Definitions& definitions;
    workflows::Instant now{};
    [[nodiscard]] const workflows::TimeZone& zone() const { return definitions.time_zone(); }
};

[[nodiscard]] Json json_of(const workflows::Deadline& deadline, const JsonContext& context);
/// A case as it stands in lists and answers.
[[nodiscard]] Json json_of(const workflows::Case& item, const JsonContext& context);
[[nodiscard]] Json json_of(const workflows::Reminder& reminder, const JsonContext& context);
[[nodiscard]] Json json_of(const workflows::StoredInvitation& invitation,
                           const JsonContext& context);
[[nodiscard]] Json json_of(const workflows::HistoryEntry& entry, const JsonContext& context);
/// With whole sentences in both målformer under "text".
[[nodiscard]] Json json_of(const workflows::Explanation& explanation, const workflows::Case& item,
                           const std::string& on_hold, const JsonContext& context);
/// `whole`: with text, HTML and headers.
[[nodiscard]] Json json_of(const workflows::StoredMessage& stored, const JsonContext& context,
                           bool whole);
[[nodiscard]] Json json_of(const workflows::Books& books);
/// A message that does not exist yet, with subject and text where it can be written.
[[nodiscard]] Json json_of(const Forecast::Message& message, const workflows::Renderer& renderer,
                           const JsonContext& context);
[[nodiscard]] Json time_or_null(const std::optional<workflows::Instant>& at,
                                const JsonContext& context);

/// 200 with `body`, not to be kept by anybody.
[[nodiscard]] HttpResponse json_response(const Json& body);

/// As bytes; broken UTF-8 in what is stored becomes U+FFFD rather than a failure.
[[nodiscard]] std::string to_bytes(const Json& json);

}  // namespace fristvakt::daemon
