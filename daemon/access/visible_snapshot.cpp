#include <algorithm>
#include <map>
#include <tuple>

#include "daemon/access/rights.hpp"
#include "daemon/access/visible.hpp"
#include "workflows/each_case.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::CaseFilter;
using workflows::MessageFilter;
using workflows::Result;
using workflows::StoredMessage;

namespace {

constexpr std::size_t kPageMin = 100;

class VisibleSnapshot final : public workflows::Snapshot {
 public:
    VisibleSnapshot(const Visitor& visitor,
                    std::shared_ptr<const workflows::Definitions> definitions,
                    std::unique_ptr<workflows::Snapshot> all)
        : visitor_(visitor), definitions_(std::move(definitions)), all_(std::move(all)) {}

    Result<std::vector<Case>> cases(const CaseFilter& filter) override;
    Result<std::optional<Case>> find_case(std::string_view id) override;
    Result<std::vector<workflows::Reminder>> reminders_of(std::string_view case_id) override {
        const auto visible = sees(case_id);
        return !visible.ok() || !visible.value() ? nothing<workflows::Reminder>(visible)
                                                 : all_->reminders_of(case_id);
    }
    Result<std::vector<workflows::StoredInvitation>> invitations_of(
        std::string_view case_id) override {
        const auto visible = sees(case_id);
        return !visible.ok() || !visible.value() ? nothing<workflows::StoredInvitation>(visible)
                                                 : all_->invitations_of(case_id);
    }
    Result<std::vector<workflows::HistoryEntry>> history_of(std::string_view case_id,
                                                            std::size_t count_max) override {
        const auto visible = sees(case_id);
        return !visible.ok() || !visible.value() ? nothing<workflows::HistoryEntry>(visible)
                                                 : all_->history_of(case_id, count_max);
    }
    Result<std::vector<StoredMessage>> messages(const MessageFilter& filter) override;
    Result<std::optional<StoredMessage>> message(std::int64_t number) override;
    Result<workflows::Ledger> ledger() override { return all_->ledger(); }
    Result<std::vector<Count>> counts() override;
    Result<std::vector<Case>> due_cases(const workflows::DueFilter& filter) override;
    Result<std::int64_t> count_due(const workflows::DueFilter& filter) override;
    Result<std::vector<Case>> next_cases(workflows::Instant until, std::size_t count_max) override;
    /// Entries about visible cases alone: what concerns the installation is not theirs.
    Result<workflows::LogPage> log(const workflows::LogFilter& filter) override;
    Result<std::map<std::string, std::int64_t>> sent_counts(std::string_view cohort) override;
    Result<std::int64_t> size_bytes() override { return all_->size_bytes(); }
    Result<Head> head() override { return all_->head(); }
    Result<Outbox> outbox() override { return all_->outbox(); }
    Result<workflows::Books> recount() override { return all_->recount(); }
    /// Files cannot be seen in part.
    Result<std::optional<std::string>> configuration(std::string_view) override {
        return std::optional<std::string>{};
    }

 private:
    template <typename Thing>
    static Result<std::vector<Thing>> nothing(const Result<bool>& why) {
        return why.ok() ? Result<std::vector<Thing>>{std::vector<Thing>{}} : why.error();
    }
    [[nodiscard]] bool sees(const Case& item) const {
        return may(visitor_, Right::Read, item, *definitions_);
    }
    Result<bool> sees(std::string_view case_id);
    Result<bool> sees(const StoredMessage& stored);

    Visitor visitor_;
    std::shared_ptr<const workflows::Definitions> definitions_;
    std::unique_ptr<workflows::Snapshot> all_;
    std::map<std::string, bool, std::less<>> known_;  ///< Cases, by id: messages share them.
};

Result<std::vector<Case>> VisibleSnapshot::cases(const CaseFilter& filter) {
    std::vector<Case> out;
    CaseFilter page = filter;
    page.count_max = std::max(filter.count_max, kPageMin);
    while (true) {
        auto found = all_->cases(page);
        if (!found.ok()) {
            return found.error();
        }
        const bool is_last = found.value().size() < page.count_max;
        for (Case& item : std::move(found).value()) {
            page.after_id = item.id;
            if (sees(item)) {
                out.push_back(std::move(item));
                if (out.size() == filter.count_max) {
                    return out;
                }
            }
        }
        if (is_last) {
            return out;
        }
    }
}

Result<std::optional<Case>> VisibleSnapshot::find_case(std::string_view id) {
    auto found = all_->find_case(id);
    if (found.ok() && found.value() && !sees(*found.value())) {
        return std::optional<Case>{};
    }
    return found;
}

Result<bool> VisibleSnapshot::sees(std::string_view case_id) {
    if (const auto known = known_.find(case_id); known != known_.end()) {
        return known->second;
    }
    const auto found = all_->find_case(case_id);
    if (!found.ok()) {
        return found.error();
    }
    const bool visible = found.value() && sees(*found.value());
    known_.emplace(case_id, visible);
    return visible;
}

Result<bool> VisibleSnapshot::sees(const StoredMessage& stored) {
    std::vector<std::string_view> ids;
    for (const auto& reminder : stored.reminders) {
        ids.push_back(reminder.case_id);
    }
    for (const auto& told : stored.message.told) {
        ids.push_back(told.case_id);
    }
    for (const std::string_view id : ids) {
        auto visible = sees(id);
        if (!visible.ok() || !visible.value()) {
            return visible;
        }
    }
    return !ids.empty();
}

Result<std::vector<StoredMessage>> VisibleSnapshot::messages(const MessageFilter& filter) {
    std::vector<StoredMessage> out;
    MessageFilter page = filter;
    page.count_max = std::max(filter.count_max, kPageMin);
    while (true) {
        auto found = all_->messages(page);
        if (!found.ok()) {
            return found.error();
        }
        const bool is_last = found.value().size() < page.count_max;
        for (StoredMessage& stored : std::move(found).value()) {
            page.before_number = stored.message.number;
            const auto visible = sees(stored);
            if (!visible.ok()) {
                return visible.error();
            }
            if (visible.value()) {
                out.push_back(std::move(stored));
                if (out.size() == filter.count_max) {
                    return out;
                }
            }
        }
        if (is_last) {
            return out;
        }
    }
}

Result<std::optional<StoredMessage>> VisibleSnapshot::message(std::int64_t number) {
    auto found = all_->message(number);
    if (!found.ok() || !found.value()) {
        return found;
    }
    const auto visible = sees(*found.value());
    if (!visible.ok()) {
        return visible.error();
    }
    return visible.value() ? std::move(found) : std::optional<StoredMessage>{};
}

Result<std::vector<workflows::Snapshot::Count>> VisibleSnapshot::counts() {
    std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> sums;
    const auto counted = workflows::each_case(*this, {}, [&](const Case& item) {
        ++sums[{item.cohort, item.requirement, item.state}];
        return workflows::Status{workflows::Done{}};
    });
    if (!counted.ok()) {
        return counted.error();
    }
    std::vector<Count> out;
    out.reserve(sums.size());
    for (const auto& [key, cases] : sums) {
        out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), cases});
    }
    return out;
}

Result<std::vector<Case>> VisibleSnapshot::due_cases(const workflows::DueFilter& filter) {
    std::vector<Case> out;
    workflows::DueFilter page = filter;
    page.count_max = std::max(filter.count_max, kPageMin);
    while (out.size() < filter.count_max) {
        auto found = all_->due_cases(page);
        if (!found.ok()) {
            return found.error();
        }
        const bool is_last = found.value().size() < page.count_max;
        for (Case& item : std::move(found).value()) {
            page.after_id = item.id;
            page.after_at = item.due ? std::optional{item.due->ends_at} : std::nullopt;
            if (sees(item) && out.size() < filter.count_max) {
                out.push_back(std::move(item));
            }
        }
        if (is_last) {
            break;
        }
    }
    return out;
}

Result<std::int64_t> VisibleSnapshot::count_due(const workflows::DueFilter& filter) {
    workflows::DueFilter all = filter;
    all.after_at.reset();
    all.after_id.clear();
    const auto found = due_cases(all);
    return found.ok() ? Result<std::int64_t>{static_cast<std::int64_t>(found.value().size())}
                      : found.error();
}

Result<std::vector<Case>> VisibleSnapshot::next_cases(workflows::Instant until,
                                                      std::size_t count_max) {
    for (std::size_t asked = std::max(count_max, kPageMin);; asked *= 4) {
        auto found = all_->next_cases(until, asked);
        if (!found.ok()) {
            return found.error();
        }
        const bool is_all = found.value().size() < asked;
        std::vector<Case> out = std::move(found).value();
        std::erase_if(out, [&](const Case& item) { return !sees(item); });
        if (is_all || out.size() >= count_max) {
            out.resize(std::min(out.size(), count_max));
            return out;
        }
    }
}

Result<workflows::LogPage> VisibleSnapshot::log(const workflows::LogFilter& filter) {
    workflows::LogPage out;
    workflows::LogFilter page = filter;
    for (std::size_t looked_at = 0; looked_at < filter.scan_max; looked_at += page.count_max) {
        auto found = all_->log(page);
        if (!found.ok()) {
            return found.error();
        }
        const std::int64_t next = found.value().next_before;
        for (auto& entry : std::move(found).value().entries) {
            const auto visible =
                entry.entry.case_id.empty() ? Result<bool>{false} : sees(entry.entry.case_id);
            if (!visible.ok()) {
                return visible.error();
            }
            if (visible.value()) {
                out.next_before = entry.sequence;
                out.entries.push_back(std::move(entry));
                if (out.entries.size() == filter.count_max) {
                    return out;
                }
            }
        }
        out.next_before = next;
        page.before_sequence = next;
        if (next == 0) {
            break;
        }
    }
    return out;
}

Result<std::map<std::string, std::int64_t>> VisibleSnapshot::sent_counts(std::string_view cohort) {
    auto counts = all_->sent_counts(cohort);
    if (!counts.ok()) {
        return counts;
    }
    std::map<std::string, std::int64_t> out;
    for (const auto& [id, count] : counts.value()) {
        const auto visible = sees(id);
        if (!visible.ok()) {
            return visible.error();
        }
        if (visible.value()) {
            out.emplace(id, count);
        }
    }
    return out;
}

}  // namespace

std::unique_ptr<workflows::Snapshot> visible_to(
    const Visitor& visitor, std::shared_ptr<const workflows::Definitions> definitions,
    std::unique_ptr<workflows::Snapshot> snapshot) {
    if (snapshot == nullptr || definitions == nullptr || may(visitor, Right::Read)) {
        return snapshot;
    }
    return std::make_unique<VisibleSnapshot>(visitor, std::move(definitions), std::move(snapshot));
}

}  // namespace fristvakt::daemon
