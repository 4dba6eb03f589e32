#include "daemon/app/sign_in_parts.hpp"

#include <utility>

#include "daemon/app/log.hpp"
#include "daemon/runtime/clock.hpp"

namespace fristvakt::daemon {

using workflows::Result;

namespace {

void log_report(const SignInReport& report) {
    switch (report.kind) {
        case SignInReport::Kind::SignedIn:
            return log(LogLevel::Info, LogEvent::SignedIn, {{"way", report.detail}});
        case SignInReport::Kind::Refused:
            return log(LogLevel::Warning, LogEvent::SignInRefused, {{"why", report.detail}});
        case SignInReport::Kind::ProviderLost:
            return log(LogLevel::Error, LogEvent::ProviderFailed, {{"why", report.detail}});
        case SignInReport::Kind::TokenMade:
            return log(LogLevel::Info, LogEvent::TokenMade, {{"number", report.detail}});
        case SignInReport::Kind::TokenRevoked:
            return log(LogLevel::Info, LogEvent::TokenRevoked, {{"number", report.detail}});
    }
}

void log_feed(const FeedReport& report) {
    const std::vector<LogField> fields{{"number", std::to_string(report.number)}};
    switch (report.kind) {
        case FeedReport::Kind::Made:
            return log(LogLevel::Info, LogEvent::FeedMade, fields);
        case FeedReport::Kind::Renewed:
            return log(LogLevel::Info, LogEvent::FeedRenewed, fields);
        case FeedReport::Kind::Ended:
            return log(LogLevel::Info, LogEvent::FeedEnded, fields);
    }
}

}  // namespace

Result<std::unique_ptr<SignInParts>> SignInParts::open(const std::filesystem::path& state_folder,
                                                       EngineAccess& engine, bool reachable,
                                                       DirectMailer::OpenChannel open_channel) {
    auto store = integrations::AccessStore::open(state_folder / "access.db", true);
    if (!store.ok()) {
        return store.error();
    }
    return std::unique_ptr<SignInParts>{
        new SignInParts{std::move(store).value(), engine, reachable, std::move(open_channel)}};
}

SignInParts::SignInParts(std::unique_ptr<integrations::AccessStore> store, EngineAccess& engine,
                         bool reachable, DirectMailer::OpenChannel open_channel)
    : store_(std::move(store)),
      sessions_(*store_, engine, {.unix_seconds = &unix_seconds, .reachable = reachable}),
      mailer_(std::move(open_channel),
              [](const std::string& why) {
                  log(LogLevel::Error, LogEvent::SignInMailFailed, {{"why", why}});
              }),
      pages_(sessions_, *store_, engine,
             {.send = [this](DirectMail mail) { return mailer_.send(std::move(mail)); },
              .report = &log_report,
              .monotonic_seconds = &monotonic_seconds}),
      feeds_(*store_, engine, {.now = [this] { return sessions_.now(); }, .report = &log_feed}),
      tests_(engine, [this](DirectMail mail) { return mailer_.send(std::move(mail)); }) {}

}  // namespace fristvakt::daemon
