#include "integrations/teams/card_channel.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <system_error>
#include <utility>

#include "integrations/secrets/secret.hpp"
#include "integrations/synced_files/synced_file.hpp"
#include "integrations/teams/webhook.hpp"
#include "workflows/model/message.hpp"

namespace fristvakt::integrations::teams {

using workflows::DeliveryReport;
using workflows::Done;
using workflows::Envelope;
using workflows::Error;
using workflows::Result;
using workflows::Status;

namespace {

std::string channel_of(const Envelope& envelope) {
    return envelope.to.empty() ? std::string{}
                               : std::string{workflows::teams_id(envelope.to.front())};
}

Error said_of(const workflows::TeamsChannel& channel, const Error& error) {
    return {error.kind, "teams." + channel.id + ".url: " + error.message};
}

Result<Webhook> open_webhook(const workflows::TeamsChannel& channel) {
    auto url = read_secret(channel.url);
    if (!url.ok()) {
        return said_of(channel, url.error());
    }
    auto webhook = Webhook::open(std::move(url).value());
    if (!webhook.ok()) {
        return said_of(channel, webhook.error());
    }
    return webhook;
}

}  // namespace

double PostRates::take_turn(const std::string& channel) {
    return rates_.with([&](auto& rates) {
        const double now = seconds_();
        PostRate& rate = rates[channel];
        const double wait = rate.wait(now);
        if (wait <= 0) {
            rate.made(now);
        }
        return wait;
    });
}

CardChannel::CardChannel(std::vector<workflows::TeamsChannel> channels, PostRates& rates)
    : channels_(std::move(channels)), rates_(rates) {}

DeliveryReport CardChannel::send(const Envelope& envelope) {
    DeliveryReport report{.number = envelope.number,
                          .verdict = workflows::Verdict::RetryLater,
                          .recipient_refused = false};
    const auto channel =
        std::ranges::find(channels_, channel_of(envelope), &workflows::TeamsChannel::id);
    if (channel == channels_.end()) {
        report.verdict = workflows::Verdict::Refused;
        report.reply = "not posted: the configuration has no such channel";
        return report;
    }
    const auto webhook = open_webhook(*channel);
    if (!webhook.ok()) {
        report.reply = webhook.error().message;
        return report;
    }
    if (const double wait = rates_.take_turn(channel->id); wait > 0) {
        report.retry_after = workflows::Seconds{std::lround(std::ceil(wait))};
        report.reply = "waits for its turn: Teams takes so many cards and no more";
        return report;
    }
    const Verdict verdict = webhook.value().post(envelope.bytes);
    report.reply = envelope.to.front() + ": " + verdict.why;
    report.retry_after = verdict.retry_after;
    report.uncertain = verdict.uncertain;
    if (verdict.kind == Verdict::Kind::Accepted) {
        report.verdict = workflows::Verdict::Delivered;
        report.reply = envelope.to.front() + ": " + std::to_string(verdict.status) + " accepted";
    } else if (verdict.kind == Verdict::Kind::Refused) {
        report.verdict = workflows::Verdict::Refused;
    }
    return report;
}

DeliveryReport CardSpool::send(const Envelope& envelope) {
    constexpr std::size_t kWidth = 10;
    DeliveryReport report{.number = envelope.number,
                          .verdict = workflows::Verdict::RetryLater,
                          .recipient_refused = false};
    std::string name = std::to_string(envelope.number);
    name.insert(0, name.size() < kWidth ? kWidth - name.size() : 0, '0');
    name += '.' + channel_of(envelope) + ".json";
    const std::filesystem::path draft = folder_ / ("." + name);
    if (!make_folder(folder_.parent_path()) || !make_folder(folder_) ||
        !write_synced(draft, envelope.bytes) ||
        std::rename(draft.c_str(), (folder_ / name).c_str()) != 0 || !sync_folder(folder_)) {
        report.reply = "spool: the card was not written: " +
                       std::error_code{errno, std::generic_category()}.message();
        return report;
    }
    report.verdict = workflows::Verdict::Delivered;
    report.reply = "spooled as " + name;
    return report;
}

Status check_channel(const workflows::TeamsChannel& channel) {
    const auto webhook = open_webhook(channel);
    return webhook.ok() ? Status{Done{}} : Status{webhook.error()};
}

std::optional<Error> fault_of_address(const workflows::TeamsChannel& channel) {
    const auto url = read_secret(channel.url);
    const Status good = url.ok() ? check_webhook_url(url.value().reveal()) : Status{Done{}};
    return good.ok() ? std::nullopt : std::optional{good.error()};
}

bool is_on_this_machine(const workflows::TeamsChannel& channel) {
    const auto url = read_secret(channel.url);
    return url.ok() && is_here(url.value().reveal());
}

}  // namespace fristvakt::integrations::teams
