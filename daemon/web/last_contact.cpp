#include "daemon/web/last_contact.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "daemon/access/rights.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::Cohort;
using workflows::Definitions;
using workflows::HistoryEntry;
using workflows::LadderStep;
using workflows::LogFilter;
using workflows::Result;

namespace {

/// So many entries are read after each other before each case is asked for by itself.
constexpr std::size_t kCatchUpMax{2000};
/// Most often one of the newest entries of a case is the one.
constexpr std::size_t kAtOnce{3};

std::vector<std::string> kinds() {
    return {"event", "settled", "told"};
}

bool has(const workflows::LogEntry& entry, const char* name, std::string_view value) {
    const auto found = entry.data.find(name);
    return found != entry.data.end() && found->second == value;
}

/// Steps that go to our own people alone, in whatever ladder, are no contact with the debtor.
bool goes_to_debtor(const std::string& step, const Definitions& definitions) {
    bool is_known = false;
    for (const auto& [id, ladder] : definitions.ladders) {
        const auto found = std::ranges::find(ladder.steps, step, &LadderStep::id);
        if (found != ladder.steps.end() && reaches_debtor(*found)) {
            return true;
        }
        is_known = is_known || found != ladder.steps.end();
    }
    return !is_known;
}

std::optional<LastContact::Kind> kind_of(const workflows::LogEntry& entry,
                                         const Definitions& definitions) {
    if (entry.kind == "settled") {
        const auto step = entry.data.find("step");
        const bool counts = has(entry, "account", "sent") && step != entry.data.end() &&
                            goes_to_debtor(step->second, definitions);
        return counts ? std::optional{LastContact::Kind::Sent} : std::nullopt;
    }
    if (entry.kind == "told") {
        // A receipt follows what they did, and says no more than that.
        const auto notice = entry.data.find("notice");
        const auto* const known =
            notice == entry.data.end() ? nullptr : definitions.find_notice(notice->second);
        const bool counts = has(entry, "state", "sent") &&
                            (known == nullptr || known->kind != workflows::NoticeKind::Answer);
        return counts ? std::optional{LastContact::Kind::Sent} : std::nullopt;
    }
    if (entry.kind != "event") {
        return std::nullopt;
    }
    if (entry.actor == "debtor" || entry.event == "received") {
        return LastContact::Kind::Answer;
    }
    return entry.event == "noted" ? std::optional{LastContact::Kind::Note} : std::nullopt;
}

/// The newest entry of one case that is a contact.
Result<std::optional<LastContact>> last_of(workflows::Snapshot& snapshot, const Case& item,
                                           const Definitions& definitions) {
    LogFilter filter;
    filter.case_ids = {item.id};
    filter.kinds = kinds();
    filter.count_max = kAtOnce;
    while (true) {
        const auto page = snapshot.log(filter);
        if (!page.ok()) {
            return page.error();
        }
        for (const HistoryEntry& one : page.value().entries) {
            if (const auto kind = kind_of(one.entry, definitions)) {
                return std::optional{LastContact{one.entry.at, *kind}};
            }
        }
        if (page.value().next_before == 0) {
            return std::optional<LastContact>{};
        }
        filter.before_sequence = page.value().next_before;
    }
}

/// Adds those of `cases` that are not in `contacts`.
workflows::Status add_missing(workflows::Snapshot& snapshot, const std::vector<Case>& cases,
                              const Definitions& definitions, Contacts& contacts) {
    for (const Case& item : cases) {
        if (contacts.contains(item.id)) {
            continue;
        }
        const auto last = last_of(snapshot, item, definitions);
        if (!last.ok()) {
            return last.error();
        }
        contacts.emplace(item.id, last.value());
    }
    return workflows::Done{};
}

/// Adds what came into the log after `sequence`, no more than `kCatchUpMax` entries.
workflows::Status add_news(workflows::Snapshot& snapshot, const Cohort& cohort,
                           std::int64_t sequence, const Definitions& definitions,
                           Contacts& contacts) {
    LogFilter filter;
    filter.kinds = kinds();
    filter.count_max = kCatchUpMax;
    filter.scan_max = kCatchUpMax;
    const auto page = snapshot.log(filter);
    if (!page.ok()) {
        return page.error();
    }
    std::set<std::string_view> seen;  // Newest first.
    for (const HistoryEntry& one : page.value().entries) {
        if (one.sequence <= sequence) {
            break;
        }
        const auto kind = kind_of(one.entry, definitions);
        if (kind && one.entry.case_id.starts_with(cohort.id + "/") &&
            seen.insert(one.entry.case_id).second) {
            contacts.insert_or_assign(one.entry.case_id, LastContact{one.entry.at, *kind});
        }
    }
    return workflows::Done{};
}

}  // namespace

workflows::Text words_of(LastContact::Kind kind) {
    switch (kind) {
        case LastContact::Kind::Sent:
            return {"sendt", "sendt"};
        case LastContact::Kind::Answer:
            return {"svar", "svar"};
        case LastContact::Kind::Note:
            return {"notat", "notat"};
    }
    return {};
}

Result<std::shared_ptr<const Contacts>> LastContacts::of(const View& view, const Cohort& cohort,
                                                         const std::vector<Case>& cases) {
    const auto head = view.snapshot->head();
    if (!head.ok()) {
        return head.error();
    }
    const std::int64_t now = head.value().sequence;
    // Who sees a part has a log with gaps: nothing of it is remembered for others.
    const bool is_whole = may(view.visitor(), Right::Read);
    Known known;
    if (is_whole) {
        known = known_.with([&](auto& all) { return all[cohort.id]; });
    }
    const bool is_near =
        known.contacts && now - known.sequence <= static_cast<std::int64_t>(kCatchUpMax);
    const bool is_complete = is_near && std::ranges::all_of(cases, [&](const Case& item) {
                                 return known.contacts->contains(item.id);
                             });
    if (is_complete && known.sequence >= now) {
        return known.contacts;
    }
    auto contacts =
        is_near ? std::make_shared<Contacts>(*known.contacts) : std::make_shared<Contacts>();
    if (is_near && known.sequence < now) {
        const auto added =
            add_news(*view.snapshot, cohort, known.sequence, *view.definitions, *contacts);
        if (!added.ok()) {
            return added.error();
        }
    }
    const auto added = add_missing(*view.snapshot, cases, *view.definitions, *contacts);
    if (!added.ok()) {
        return added.error();
    }
    std::shared_ptr<const Contacts> found{std::move(contacts)};
    if (is_whole) {
        known_.with([&](auto& all) {
            Known& kept = all[cohort.id];
            if (kept.sequence <= now) {
                kept = {now, found};
            }
        });
    }
    return found;
}

}  // namespace fristvakt::daemon
