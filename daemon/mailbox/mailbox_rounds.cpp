#include "daemon/mailbox/mailbox_rounds.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace fristvakt::daemon {

using workflows::Definitions;
using workflows::Done;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::MailboxMessage;
using workflows::MailboxReading;
using workflows::MailboxSettings;
using workflows::Seconds;
using workflows::SkippedMessage;
using workflows::Status;

Seconds pause_after(int failures, Seconds every) {
    constexpr Seconds kPauseMax = std::chrono::minutes{15};
    constexpr int kDoublingsMax = 6;
    if (failures <= 0) {
        return every;
    }
    const Seconds grown = std::chrono::seconds{30} * (1 << std::min(failures, kDoublingsMax));
    return std::max(every, std::min(grown, kPauseMax));
}

MailboxRounds::MailboxRounds(OpenBox open_box, Take take, Options options)
    : open_box_(std::move(open_box)),
      take_(std::move(take)),
      options_(std::move(options)),
      progress_file_(options_.progress_file) {}

std::optional<Seconds> MailboxRounds::step(const Definitions& definitions, Instant now,
                                           const std::stop_token& stop) {
    const auto& configured = definitions.installation.mailbox;
    if (!configured) {
        box_.reset();
        health_.with([](MailboxHealth& health) { health = {}; });
        return std::nullopt;
    }
    use(*configured, stop);
    auto reading = box_->read(progress_);
    if (stop.stop_requested()) {
        return Seconds{0};
    }
    if (!reading.ok()) {
        return note_failure(reading.error().message, now);
    }
    const auto handed = hand_over(reading.value(), definitions, now, stop);
    store_progress();
    if (!handed.ok()) {
        return note_failure(handed.error().message, now);
    }
    const bool has_recovered = health_.with([&](MailboxHealth& health) {
        health.read_at = now;
        health.failed_at.reset();
        health.failing_since.reset();
        health.error.clear();
        return std::exchange(health.failures, 0) > 0;
    });
    if (has_recovered && options_.on_recovery) {
        options_.on_recovery();
    }
    return reading.value().has_more ? Seconds{0} : configured->every;
}

MailboxHealth MailboxRounds::health() const {
    return health_.with([](const MailboxHealth& health) { return health; });
}

void MailboxRounds::use(const MailboxSettings& settings, const std::stop_token& stop) {
    health_.with([](MailboxHealth& health) { health.is_configured = true; });
    if (box_ && settings == settings_) {
        return;
    }
    box_ = open_box_(settings, stop);
    settings_ = settings;
    progress_ = std::exchange(options_.begins_anew, false) ? workflows::MailboxProgress{}
                                                           : progress_file_.read(settings);
}

Status MailboxRounds::hand_over(const MailboxReading& reading, const Definitions& definitions,
                                Instant now, const std::stop_token& stop) {
    progress_.last_uid =
        reading.progress.uid_validity == progress_.uid_validity ? progress_.last_uid : 0;
    progress_.uid_validity = reading.progress.uid_validity;
    auto skipped = reading.skipped.begin();
    const auto put_aside_up_to = [&](std::uint32_t uid) {
        for (; skipped != reading.skipped.end() && skipped->uid < uid; ++skipped) {
            const bool is_big = skipped->why == SkippedMessage::Why::TooBig;
            put_aside({.at = now,
                       .uid = skipped->uid,
                       .why = is_big ? AsideReason::TooBig : AsideReason::NotGiven,
                       .detail = {}});
            progress_.last_uid = skipped->uid;
        }
    };
    for (const MailboxMessage& message : reading.messages) {
        put_aside_up_to(message.uid);
        if (stop.stop_requested()) {
            return Done{};
        }
        if (auto handled = handle(message, definitions, now); !handled.ok()) {
            return handled;
        }
        progress_.last_uid = message.uid;
    }
    put_aside_up_to(std::numeric_limits<std::uint32_t>::max());
    progress_ = reading.progress;
    return Done{};
}

Status MailboxRounds::handle(const MailboxMessage& message, const Definitions& definitions,
                             Instant now) {
    const auto aside = [&](AsideReason why, std::string detail) {
        put_aside({.at = now, .uid = message.uid, .why = why, .detail = std::move(detail)});
    };
    health_.with([](MailboxHealth& health) { ++health.messages; });
    const auto mail = integrations::read_mail(message.bytes);
    if (!mail.ok()) {
        aside(AsideReason::Unreadable, mail.error().message);
        return Done{};
    }
    for (const auto& reply : integrations::replies_in(mail.value())) {
        if (!reply.ok()) {
            aside(AsideReason::Unreadable, reply.error().message);
            continue;
        }
        const auto judged = judge(mail.value(), reply.value(), definitions);
        if (const auto* const why = std::get_if<AsideReason>(&judged)) {
            aside(*why, {});
            continue;
        }
        const auto taken = take_(std::get<InvitationReply>(judged));
        if (!taken.ok() && taken.error().kind == ErrorKind::Unavailable) {
            return taken;
        }
        if (!taken.ok()) {
            aside(AsideReason::Refused, taken.error().message);
            continue;
        }
        health_.with([](MailboxHealth& health) { ++health.taken; });
    }
    return Done{};
}

void MailboxRounds::put_aside(PutAside one) {
    if (options_.on_aside) {
        options_.on_aside(one);
    }
    health_.with([&](MailboxHealth& health) {
        ++health.aside;
        health.latest_aside.push_front(std::move(one));
        if (health.latest_aside.size() > kLatestAside) {
            health.latest_aside.pop_back();
        }
    });
}

void MailboxRounds::store_progress() {
    if (progress_file_.read(settings_) == progress_) {
        return;
    }
    const auto stored = progress_file_.write(settings_, progress_);
    health_.with([&](MailboxHealth& health) {
        health.progress_error = stored.ok() ? std::string{} : stored.error().message;
    });
}

Seconds MailboxRounds::note_failure(const std::string& why, Instant now) {
    const int failures = health_.with([&](MailboxHealth& health) {
        health.failed_at = now;
        health.failing_since = health.failing_since.value_or(now);
        health.error = why;
        return ++health.failures;
    });
    if (failures == 1 && options_.on_failure) {
        options_.on_failure(why);
    }
    return pause_after(failures, settings_.every);
}

}  // namespace fristvakt::daemon
