#pragma once

#include <functional>

#include "daemon/access/visible.hpp"
#include "daemon/delivery/direct_mail.hpp"
#include "daemon/http/router.hpp"
#include "daemon/web/pages.hpp"

namespace fristvakt::daemon {

/// "Test på meg selv": a notice as it would be written to somebody, sent to whoever asks for it,
/// and to nobody else. In no book; the log tells of it. For those who are signed in: only their
/// address is known. Any thread.
class NoticeTests {
 public:
    /// False: not now.
    using Send = std::function<bool(DirectMail)>;
    /// `engine` must outlive it.
    NoticeTests(EngineAccess& engine, Send send) : engines_(engine), send_(std::move(send)) {}

    /// `pages` must outlive the routes.
    void add_routes(Router& router, const Pages& pages);

 private:
    [[nodiscard]] HttpResponse send(const HttpRequest& request, const Pages& pages) const;
    [[nodiscard]] HttpResponse send(View& view, const Pages& pages) const;

    VisitorEngines engines_;
    Send send_;
};

/// The button, and what it did; nothing for those who are not signed in or may not act.
[[nodiscard]] Html notice_test_form(const View& view, std::string_view query);

}  // namespace fristvakt::daemon
