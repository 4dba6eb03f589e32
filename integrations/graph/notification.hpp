#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "integrations/secrets/secret.hpp"
#include "workflows/result.hpp"

/// What Microsoft sends to /hooks/graph. Whoever handles it answers at once, with 202 when it is
/// written down, and works it off later: Microsoft waits three seconds, and drops those who are
/// slow. Pure.
namespace fristvakt::integrations::graph {

/// The body of the answer to a handshake, POST /hooks/graph?validationToken=TOKEN: status 200, type
/// text/plain, within ten seconds. `token` is decoded. InvalidInput: it holds what a browser could
/// take for more than text, or is longer than 1,024 characters; nothing of it may be sent back.
[[nodiscard]] workflows::Result<std::string> handshake_answer(std::string_view token);

/// What a batch of notifications asks for.
struct Notified {
    bool has_changes{false};              ///< Read what changed.
    bool must_read_all{false};            ///< Some were lost: read the whole window.
    std::vector<std::string> to_renew{};  ///< Subscriptions that end early unless they are renewed.
    std::vector<std::string> to_replace{};  ///< Subscriptions that Microsoft has ended.
    std::size_t refused{0};  ///< Without a secret of ours: nothing in them is believed.
    friend bool operator==(const Notified&, const Notified&) = default;
};

/// Reads the body of POST /hooks/graph. `client_states` are those of all subscriptions, also of one
/// that is being made; each is compared in constant time. What of it is unknown among what is ours
/// counts as lost, so that it is read all the same. InvalidInput: no batch of notifications; says
/// nothing of what was sent.
[[nodiscard]] workflows::Result<Notified> read_notifications(
    std::string_view body, const std::vector<Secret>& client_states);

}  // namespace fristvakt::integrations::graph
