#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "integrations/secrets/secret.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations::teams {

/// What became of a call.
struct Verdict {
    enum class Kind {
        Accepted,  ///< The workflow was started. Whether it posted, only its run history knows.
        Later,     ///< Refused for now, or nobody knows: try again.
        Refused,   ///< For good: somebody must do something.
    };
    Kind kind{Kind::Later};
    int status{0};                        ///< Of HTTP; 0: nobody answered.
    bool uncertain{false};                ///< Later: it may have been posted.
    std::chrono::seconds retry_after{0};  ///< The server's wish; at most an hour.
    std::string why;                      ///< What is wrong and what to do; never the address.
};

/// Whether `url` can be a workflow's address. InvalidInput: it is none, is not https (plain http
/// goes to this machine alone), or is one that Microsoft has retired; says what to do, and never
/// shows it: it is a secret.
[[nodiscard]] workflows::Status check_webhook_url(std::string_view url);

/// Whether it is an address on this machine.
[[nodiscard]] bool is_here(std::string_view url);

/// One channel's workflow, "When a Teams webhook request is received". One thread at a time.
class Webhook {
 public:
    /// Failures as check_webhook_url.
    [[nodiscard]] static workflows::Result<Webhook> open(Secret url);

    /// Sends one message, as to_payload writes it, and waits for the answer, at most 15 seconds.
    /// Tries once: whoever calls keeps to PostRate and tries again.
    [[nodiscard]] Verdict post(const std::string& payload) const;

 private:
    explicit Webhook(Secret url) : url_(std::move(url)) {}
    Secret url_;
};

/// What an answer with that status means; `body` is what came with it.
[[nodiscard]] Verdict verdict_of(int status, std::string_view body,
                                 std::chrono::seconds retry_after);

}  // namespace fristvakt::integrations::teams
