#include "daemon/engine/digest_contents.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "workflows/decision/explain.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/plan.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/decision/state_title.hpp"
#include "workflows/definition/teams_channel.hpp"
#include "workflows/model/digest.hpp"
#include "workflows/model/steps_sent.hpp"
#include "workflows/time/iso_week.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::CaseContext;
using workflows::Date;
using workflows::Definitions;
using workflows::Done;
using workflows::DueFilter;
using workflows::Instant;
using workflows::Party;
using workflows::Reminder;
using workflows::Result;
using workflows::Status;
using workflows::WeeklyDigest;
namespace cal = workflows::cal;

namespace {

constexpr std::size_t kLinesMax = 20;  ///< Of one section; the rest is a number.
constexpr std::size_t kBatch = 400;
constexpr std::size_t kLookedAtMax = 4'000;  ///< Cases, for one section.

class Contents {
 public:
    Contents(const DigestReader& reader, workflows::Snapshot& store, const Definitions& definitions,
             Instant slot, Instant now)
        : address_(workflows::lower_case(reader.address)),
          channel_(reader.channel),
          store_(store),
          definitions_(definitions),
          zone_(definitions.time_zone()),
          now_(now),
          today_(zone_.date_of(now)) {
        const Date day = zone_.date_of(slot);
        monday_ = day - (cal::weekday{day} - cal::weekday{1});
        week_ends_at_ = zone_.start_of_day(monday_ + cal::days{7});
        digest_.day = day;
        digest_.week = workflows::iso_week(day);
        digest_.is_daily = channel_ != nullptr && channel_->digest && !channel_->digest->weekday;
    }

    Result<WeeklyDigest> write() {
        using Section = Status (Contents::*)();
        for (const Section section : {&Contents::add_waiting, &Contents::add_overdue,
                                      &Contents::add_due, &Contents::add_sendings}) {
            const Status done = (this->*section)();
            if (!done.ok()) {
                return done.error();
            }
        }
        return std::move(digest_);
    }

 private:
    using Take = std::function<Status(const Case&, const CaseContext&)>;

    /// The open cases of this reader in states that wait for `party`, by deadline.
    Status each(Party party, DueFilter filter, const Take& take) {
        for (const workflows::Workflow& workflow : definitions_.workflows) {
            for (const workflows::State& state : workflow.states) {
                if (!state.final && state.waits_for == party) {
                    filter.states.push_back(state.id);
                }
            }
        }
        std::sort(filter.states.begin(), filter.states.end());
        filter.states.erase(std::unique(filter.states.begin(), filter.states.end()),
                            filter.states.end());
        filter.count_max = kBatch;
        for (std::size_t looked_at = 0; looked_at < kLookedAtMax;) {
            const auto batch = store_.due_cases(filter);
            if (!batch.ok()) {
                return batch.error();
            }
            for (const Case& item : batch.value()) {
                const CaseContext context = workflows::context_of(item, definitions_);
                const bool waits = context.state != nullptr && context.state->waits_for == party;
                if (waits && is_mine(item, context)) {
                    const Status taken = take(item, context);
                    if (!taken.ok()) {
                        return taken;
                    }
                }
            }
            if (batch.value().size() < kBatch) {
                return Done{};
            }
            looked_at += batch.value().size();
            const Case& last = batch.value().back();
            filter.after_at = last.due ? last.due->ends_at : Instant{};
            filter.after_id = last.id;
        }
        digest_.is_cut = true;
        return Done{};
    }

    [[nodiscard]] bool is_mine(const Case& item, const CaseContext& context) const {
        if (channel_ != nullptr) {
            return workflows::is_told_of(*channel_, context.cohort);
        }
        const auto officers = workflows::holders({Party::Creditor, "saksbehandler"}, item, context,
                                                 definitions_, today_, {});
        return std::any_of(officers.begin(), officers.end(), [&](const auto& officer) {
            return workflows::lower_case(officer.address) == address_;
        });
    }

    Result<WeeklyDigest::Line> line_of(const Case& item, const CaseContext& context) {
        WeeklyDigest::Line line;
        line.case_id = item.id;
        const auto* debtor = definitions_.find_organisation(item.debtor);
        line.debtor_name = debtor == nullptr ? item.debtor : debtor->name;
        if (context.requirement != nullptr) {
            line.requirement_title = context.requirement->title;
        }
        line.state_title = workflows::state_title(item, context);
        if (item.due) {
            line.due = item.due->date;
            line.days_over = std::max(0, static_cast<int>((today_ - item.due->date).count()));
        }
        if (item.state_deadline) {
            line.answer_by = item.state_deadline->date;
        }
        const auto reminders = store_.reminders_of(item.id);
        if (!reminders.ok()) {
            return reminders.error();
        }
        for (const Reminder& reminder : reminders.value()) {
            line.is_refused |= reminder.reason == workflows::Reason::Refused;
        }
        line.reminders_sent = workflows::steps_sent_to(item.debtor, reminders.value());
        return line;
    }

    Status add(std::vector<WeeklyDigest::Line>& lines, std::size_t& count, const Case& item,
               const CaseContext& context) {
        if (++count > kLinesMax) {
            return Done{};
        }
        auto line = line_of(item, context);
        if (!line.ok()) {
            return line.error();
        }
        lines.push_back(std::move(line).value());
        return Done{};
    }

    /// What has a term for our answer: a claim to look up, a question for more time.
    Status add_waiting() {
        for (const bool without_deadline : {false, true}) {
            DueFilter filter;
            filter.without_deadline = without_deadline;
            const Status done =
                each(Party::Creditor, filter, [&](const Case& item, const CaseContext& context) {
                    return item.state_deadline && !workflows::is_far_off(item, context, today_)
                               ? add(digest_.waiting, digest_.waiting_count, item, context)
                               : Status{Done{}};
                });
            if (!done.ok()) {
                return done;
            }
        }
        std::stable_sort(
            digest_.waiting.begin(), digest_.waiting.end(),
            [](const auto& one, const auto& other) { return one.answer_by < other.answer_by; });
        return Done{};
    }

    /// Cases that rest while a question for more time is open stand above already.
    Status add_overdue() {
        DueFilter filter;
        filter.until = now_ + workflows::Seconds{1};
        return each(Party::Debtor, filter, [&](const Case& item, const CaseContext& context) {
            return item.children_open_pausing > 0
                       ? Status{Done{}}
                       : add(digest_.overdue, digest_.overdue_count, item, context);
        });
    }

    Status add_due() {
        DueFilter filter;
        filter.from = now_ + workflows::Seconds{1};
        filter.until = week_ends_at_ + workflows::Seconds{1};
        return each(Party::Debtor, filter, [&](const Case& item, const CaseContext& context) {
            if (context.requirement == nullptr) {
                return Status{Done{}};
            }
            ++digest_.due_count;
            const auto same =
                std::find_if(digest_.due.begin(), digest_.due.end(), [&](const auto& known) {
                    return known.day == item.due->date &&
                           known.requirement_title == context.requirement->title;
                });
            auto& group = same == digest_.due.end()
                              ? digest_.due.emplace_back(WeeklyDigest::Due{
                                    item.due->date, context.requirement->title, {}})
                              : *same;
            const auto* debtor = definitions_.find_organisation(item.debtor);
            if (group.missing.size() < kLinesMax) {
                group.missing.push_back(debtor == nullptr ? item.debtor : debtor->name);
            }
            return Status{Done{}};
        });
    }

    /// Steps that fall due in what is left of the week, as things stand.
    Status add_sendings() {
        const auto cases = store_.next_cases(week_ends_at_ - workflows::Seconds{1}, kLookedAtMax);
        if (!cases.ok()) {
            return cases.error();
        }
        std::map<Date, int> days;
        for (const Case& item : cases.value()) {
            const CaseContext context = workflows::context_of(item, definitions_);
            if (context.state == nullptr || !is_mine(item, context)) {
                continue;
            }
            const auto reminders = store_.reminders_of(item.id);
            if (!reminders.ok()) {
                return reminders.error();
            }
            const auto outlook =
                workflows::explain(item, reminders.value(), definitions_, now_, {});
            for (const workflows::StepOutlook& step : outlook.steps) {
                if (!step.past && !step.not_because && step.at < week_ends_at_) {
                    days[zone_.date_of(step.at)] += static_cast<int>(step.to.size());
                }
            }
        }
        for (const auto& [day, reminders] : days) {
            if (reminders > 0) {
                digest_.sendings.push_back({day, reminders});
            }
        }
        digest_.is_cut |= cases.value().size() == kLookedAtMax;
        return Done{};
    }

    std::string address_;
    const workflows::TeamsChannel* channel_;
    workflows::Snapshot& store_;
    const Definitions& definitions_;
    const workflows::TimeZone& zone_;
    Instant now_;
    Date today_;
    Date monday_;
    Instant week_ends_at_;
    WeeklyDigest digest_;
};

}  // namespace

Result<WeeklyDigest> digest_for(const DigestReader& reader, workflows::Snapshot& store,
                                const Definitions& definitions, Instant slot, Instant now) {
    return Contents{reader, store, definitions, slot, now}.write();
}

}  // namespace fristvakt::daemon
