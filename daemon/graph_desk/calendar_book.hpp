#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "integrations/graph/subscription_plan.hpp"
#include "workflows/definition/graph_calendar.hpp"
#include "workflows/model/calendar_event.hpp"
#include "workflows/result.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::daemon {

/// What is known of one meeting in the calendar.
struct KnownMeeting {
    workflows::CalendarEvent event;
    workflows::Instant ends_at{};  ///< As it was last wanted.
    /// When its time or place was last changed there: an answer before that is to another meeting.
    workflows::Instant moved_at{};
    bool is_moving{false};  ///< That was begun, and is not known to be done.
    /// Of what those who are called were told, as a sum: another one, and answers count anew.
    int sequences{0};
    std::string join_url;  ///< Where it is held in Teams; may be empty.
};

/// What is known of the calendar of one mailbox.
struct CalendarBook {
    std::map<std::string, KnownMeeting> meetings;  ///< By case.
    std::string changes_link;          ///< Where answers are read on from; empty: all are read.
    workflows::Instant window_from{};  ///< What that link is about begins here.
    integrations::graph::KnownSubscription subscription;
    std::string client_state;  ///< Known to Microsoft and to us; empty: none was made.
};

/// Keeps a book for each mailbox in one file, for its owner alone, that is there or is the one
/// before after a crash. It must not be lost: a meeting that was cancelled and called anew could
/// then not be told from the first. One thread.
class CalendarFile {
 public:
    explicit CalendarFile(std::filesystem::path path) : path_(std::move(path)) {}

    /// An empty book when there is no file, or nothing of that mailbox in it. Unavailable: what is
    /// there cannot be read, so that nothing is known.
    [[nodiscard]] workflows::Result<CalendarBook> read(
        const workflows::GraphCalendar& mailbox) const;
    /// Unavailable: it cannot be written; says where and why.
    [[nodiscard]] workflows::Status write(const workflows::GraphCalendar& mailbox,
                                          const CalendarBook& book) const;

 private:
    std::filesystem::path path_;
};

}  // namespace fristvakt::daemon
