#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/web/view.hpp"
#include "integrations/guarded.hpp"

/// When somebody was last in touch about a case, and how.
namespace fristvakt::daemon {

struct LastContact {
    enum class Kind {
        Sent,    ///< We wrote to them.
        Answer,  ///< They did something, or delivered.
        Note,    ///< We put something down: a telephone call.
    };
    workflows::Instant at{};
    Kind kind{Kind::Sent};
};
/// "sendt", "svar", "notat".
[[nodiscard]] workflows::Text words_of(LastContact::Kind kind);
/// By case; empty where nobody has been in touch yet.
using Contacts = std::unordered_map<std::string, std::optional<LastContact>>;

/// Reads it out of the log, and remembers it for those who see everything: then only what has
/// happened since is read. Any thread.
class LastContacts {
 public:
    /// Of all `cases`, which are of `cohort`, and perhaps of others. Unavailable: as the snapshot.
    [[nodiscard]] workflows::Result<std::shared_ptr<const Contacts>> of(
        const View& view, const workflows::Cohort& cohort,
        const std::vector<workflows::Case>& cases);

 private:
    struct Known {
        std::int64_t sequence{0};  ///< Of the log's head when it was read.
        std::shared_ptr<const Contacts> contacts;
    };
    integrations::Guarded<std::map<std::string, Known>> known_;  ///< By cohort.
};

}  // namespace fristvakt::daemon
