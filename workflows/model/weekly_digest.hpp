#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "workflows/language.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::workflows {

/// What one case officer, or a channel of theirs, should know of the week ahead: only what
/// deviates, worst first. An immutable value, taken while the store was at rest.
struct WeeklyDigest {
    /// A case that somebody has to do something about.
    struct Line {
        std::string case_id;
        std::string debtor_name;
        Text requirement_title;
        Text state_title;
        std::optional<Date> due;
        std::optional<Date> answer_by;  ///< The state's own deadline: ours.
        int days_over{0};               ///< Since `due`; 0 when it has not passed.
        int reminders_sent{0};
        bool is_refused{false};  ///< A message about it came back.
        friend bool operator==(const Line&, const Line&) = default;
    };
    /// Those who have not delivered what is due on one day.
    struct Due {
        Date day{};
        Text requirement_title;
        std::vector<std::string> missing;  ///< Names of debtors.
        friend bool operator==(const Due&, const Due&) = default;
    };
    /// What goes out by itself unless somebody stops it.
    struct Sending {
        Date day{};
        int reminders{0};
        friend bool operator==(const Sending&, const Sending&) = default;
    };
    Date day{};                 ///< Of its slot.
    bool is_daily{false};       ///< Another comes on the next sending day.
    int week{0};                ///< ISO 8601: 1 to 53.
    std::vector<Line> waiting;  ///< For us; the shortest time to answer first.
    std::vector<Line> overdue;  ///< Longest over first.
    std::vector<Due> due;       ///< In the week.
    std::vector<Sending> sendings;
    std::size_t waiting_count{0};  ///< All of them; the lists above hold the first.
    std::size_t overdue_count{0};
    std::size_t due_count{0};
    bool is_cut{false};  ///< There is more than was looked at: the counts say "at least".

    [[nodiscard]] bool is_calm() const {
        return waiting.empty() && overdue.empty() && due.empty() && sendings.empty();
    }
    friend bool operator==(const WeeklyDigest&, const WeeklyDigest&) = default;
};

}  // namespace fristvakt::workflows
