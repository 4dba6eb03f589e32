#include "daemon/web/status.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "workflows/decision/recipients.hpp"
#include "workflows/decision/state_title.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::Date;
using workflows::Definitions;
using workflows::Instant;
using workflows::Language;
using workflows::Party;
using workflows::Text;

namespace {

struct Look {
    StatusKind kind;
    std::string_view id;
    Text title;
    std::string_view sign;
    std::string_view color;
};

const std::array<Look, 14>& looks() {
    static const std::array<Look, 14> kLooks{{
        {StatusKind::Overdue, "overdue", {"Forfalt", "Forfalle"}, "!", "danger"},
        {StatusKind::DueToday, "due-today", {"Frist i dag", "Frist i dag"}, "!", "danger"},
        {StatusKind::DueSoon, "due-soon", {"Frist snart", "Frist snart"}, "◷", "warning"},
        {StatusKind::Awaited, "awaited", {"Ikke levert", "Ikkje levert"}, "○", "neutral"},
        {StatusKind::MoreTimeAsked,
         "more-time-asked",
         {"Ber om lengre frist", "Ber om lengre frist"},
         "?",
         "info"},
        {StatusKind::MoreTimeGiven, "more-time-given", {"Ny frist", "Ny frist"}, "↻", "info"},
        {StatusKind::Incomplete, "incomplete", {"Ufullstendig", "Ufullstendig"}, "½", "warning"},
        {StatusKind::Claimed, "claimed", {"Meldt sendt", "Meldt send"}, "↗", "info"},
        {StatusKind::NothingClaimed,
         "nothing-claimed",
         {"Ingenting å melde, ubekreftet", "Ingenting å melde, ikkje stadfesta"},
         "0",
         "info"},
        {StatusKind::NothingToReport,
         "nothing-to-report",
         {"Ingenting å melde", "Ingenting å melde"},
         "0",
         "success"},
        {StatusKind::Received, "received", {"Mottatt", "Motteke"}, "✓", "success"},
        {StatusKind::Done, "done", {"Ferdig", "Ferdig"}, "✓", "success"},
        {StatusKind::NotApplicable,
         "not-applicable",
         {"Gjelder ikke", "Gjeld ikkje"},
         "–",
         "neutral"},
        {StatusKind::Voluntary, "voluntary", {"Frivillig", "Frivillig"}, "○", "neutral"},
    }};
    return kLooks;
}

const Look& look_of(StatusKind kind) {
    return *std::ranges::find(looks(), kind, &Look::kind);
}

std::string days(std::int64_t count, Language language, std::string_view behind) {
    const std::string_view many = language == Language::Nb ? "dager" : "dagar";
    return fmt::format("{} {} {}", count, count == 1 ? "dag" : many, behind);
}

Text left_or_over(std::int64_t left) {
    if (left == 0) {
        return {"i dag", "i dag"};
    }
    if (left < 0) {
        return {days(-left, Language::Nb, "over"), days(-left, Language::Nn, "over")};
    }
    return {days(left, Language::Nb, "igjen"), days(left, Language::Nn, "igjen")};
}

/// Endings in which nothing was owed after all.
bool is_nothing_owed(std::string_view state) {
    static constexpr std::array<std::string_view, 5> kStates{"exempt", "withdrawn", "cancelled",
                                                             "not_applying", "nothing_came"};
    return std::ranges::find(kStates, state) != kStates.end();
}

/// Something came, and was sent back since more is wanted.
bool was_returned(const Case& item) {
    return item.fields.contains("returned_on");
}

StatusKind kind_while_awaited(const Case& item, Date today, Instant now) {
    if (item.children_open_pausing > 0) {
        return StatusKind::MoreTimeAsked;
    }
    if (!item.due) {
        return StatusKind::Awaited;
    }
    const auto left = (item.due->date - today).count();
    if (item.due->ends_at <= now) {
        return StatusKind::Overdue;
    }
    if (left == 0) {
        return StatusKind::DueToday;
    }
    if (was_returned(item)) {
        return StatusKind::Incomplete;
    }
    if (left <= 7) {
        return StatusKind::DueSoon;
    }
    return item.granted_until ? StatusKind::MoreTimeGiven : StatusKind::Awaited;
}

void say_what_pauses(const Case& item, const workflows::TimeZone& zone, Text& detail) {
    const auto add = [&](std::string nb, std::string nn) {
        detail.nb += (detail.nb.empty() ? "" : ", ") + std::move(nb);
        detail.nn += (detail.nn.empty() ? "" : ", ") + std::move(nn);
    };
    if (item.held) {
        add("holdes tilbake", "blir halden tilbake");
    }
    if (item.paused && item.paused_until) {
        const Date last = zone.date_of(*item.paused_until - workflows::Seconds{1});
        add("pause til og med " + workflows::short_date(last, Language::Nb),
            "pause til og med " + workflows::short_date(last, Language::Nn));
    } else if (item.paused) {
        add("satt på pause", "sett på pause");
    }
}

}  // namespace

std::string_view to_string(StatusKind kind) {
    return look_of(kind).id;
}

std::optional<StatusKind> parse_status_kind(std::string_view text) {
    const auto* const found = std::ranges::find(looks(), text, &Look::id);
    return found == looks().end() ? std::nullopt : std::optional{found->kind};
}

const Text& status_title(StatusKind kind) {
    return look_of(kind).title;
}

CaseStatus status_of(const Case& item, const Definitions& definitions, Instant now) {
    const workflows::TimeZone& zone = definitions.time_zone();
    const Date today = zone.date_of(now);
    const workflows::CaseContext context = context_of(item, definitions);
    const auto short_day = [](Date day) {
        return Text{workflows::short_date(day, Language::Nb),
                    workflows::short_date(day, Language::Nn)};
    };
    const bool says_nothing = says_nothing_to_report(item, context);
    CaseStatus out;
    if (item.final && is_nothing_owed(item.state)) {
        out.kind = StatusKind::NotApplicable;
        out.detail = short_day(zone.date_of(item.entered_at));
    } else if (says_nothing && !item.state_deadline) {
        out.kind = StatusKind::NothingToReport;
        out.detail = short_day(zone.date_of(item.entered_at));
        out.detail.nb.insert(0, "bekreftet ");
        out.detail.nn.insert(0, "stadfesta ");
    } else if (item.final) {
        out.kind = StatusKind::Done;
        out.detail = short_day(zone.date_of(item.entered_at));
    } else if (context.state != nullptr && context.state->waits_for == Party::Creditor) {
        const bool has_term = item.state_deadline.has_value();
        out.kind = says_nothing ? StatusKind::NothingClaimed
                   : has_term   ? StatusKind::Claimed
                                : StatusKind::Received;
        out.detail = short_day(zone.date_of(item.entered_at));
        if (has_term) {
            out.detail.nb += ", venter på oss";
            out.detail.nn += ", ventar på oss";
        }
    } else if (context.state != nullptr && !context.state->waits_for) {
        out.kind = StatusKind::Voluntary;
        if (item.due) {
            out.detail = left_or_over((item.due->date - today).count());
        }
        say_what_pauses(item, zone, out.detail);
    } else {
        out.kind = kind_while_awaited(item, today, now);
        if (item.due) {
            const auto left = (item.due->date - today).count();
            out.days_left = static_cast<int>(left);
            out.detail = left_or_over(left);
        } else {
            out.detail = {"uten frist", "utan frist"};
        }
        if (was_returned(item) && out.kind != StatusKind::Incomplete) {
            out.detail.nb += ", noe mangler";
            out.detail.nn += ", noko manglar";
        }
        say_what_pauses(item, zone, out.detail);
    }
    const Look& look = look_of(out.kind);
    out.sign = look.sign;
    out.color = look.color;
    out.word = look.title;
    const bool has_better = out.kind == StatusKind::Claimed || out.kind == StatusKind::Received ||
                            out.kind == StatusKind::Done || out.kind == StatusKind::NotApplicable ||
                            out.kind == StatusKind::Voluntary;
    if (has_better && context.state != nullptr && !context.state->title.nb.empty()) {
        out.word = context.state->title;
    }
    if (out.kind == StatusKind::NotApplicable && context.state == nullptr) {
        out.word = {"Trukket", "Trekt"};
    }
    return out;
}

bool is_deviation(StatusKind kind) {
    switch (kind) {
        case StatusKind::Overdue:
        case StatusKind::DueToday:
        case StatusKind::DueSoon:
        case StatusKind::MoreTimeAsked:
        case StatusKind::Incomplete:
        case StatusKind::Claimed:
        case StatusKind::NothingClaimed:
            return true;
        case StatusKind::Awaited:
        case StatusKind::MoreTimeGiven:
        case StatusKind::NothingToReport:
        case StatusKind::Received:
        case StatusKind::Done:
        case StatusKind::NotApplicable:
        case StatusKind::Voluntary:
            return false;
    }
    return true;
}

bool is_settled(StatusKind kind) {
    return kind == StatusKind::Received || kind == StatusKind::NothingToReport ||
           kind == StatusKind::Done || kind == StatusKind::NotApplicable ||
           kind == StatusKind::Voluntary;
}

}  // namespace fristvakt::daemon
