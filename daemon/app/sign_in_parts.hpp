#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/delivery/direct_mail.hpp"
#include "daemon/feeds/feed_pages.hpp"
#include "daemon/sign_in/sessions.hpp"
#include "daemon/sign_in/sign_in_pages.hpp"
#include "daemon/web/actions/notice_tests.hpp"

namespace fristvakt::daemon {

/// All of signing in, and the calendars that are seen without, wired to clock and log. In the order
/// of building.
class SignInParts {
 public:
    /// `engine` must outlive it. Failures as AccessStore::open.
    [[nodiscard]] static workflows::Result<std::unique_ptr<SignInParts>> open(
        const std::filesystem::path& state_folder, EngineAccess& engine, bool reachable,
        DirectMailer::OpenChannel open_channel);

    [[nodiscard]] Visitor visitor_of(const HttpRequest& request) const {
        return sessions_.visitor_of(request);
    }
    /// What stands beside the log, for parts that keep something there too.
    [[nodiscard]] integrations::AccessStore& store() { return *store_; }
    void add_routes(Router& router, const Pages& pages) {
        pages_.add_routes(router, pages);
        feeds_.add_routes(router, pages);
        tests_.add_routes(router, pages);
    }

 private:
    SignInParts(std::unique_ptr<integrations::AccessStore> store, EngineAccess& engine,
                bool reachable, DirectMailer::OpenChannel open_channel);

    std::unique_ptr<integrations::AccessStore> store_;
    Sessions sessions_;
    DirectMailer mailer_;
    SignInPages pages_;
    FeedPages feeds_;
    NoticeTests tests_;
};

}  // namespace fristvakt::daemon
