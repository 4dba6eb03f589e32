#include <algorithm>

#include <fmt/format.h>

#include "workflows/definition/this_machine.hpp"
#include "workflows/definition/verification.hpp"

/// Who may sign in, and who may be reached from where.
namespace fristvakt::workflows {
namespace {

/// https, or http to this machine: what may carry a session.
bool is_protected(std::string_view url) {
    return !url.starts_with("http://") || is_this_machine(host_of(url));
}

class SignInCheck {
 public:
    explicit SignInCheck(Verification& verification)
        : verification_(verification),
          definitions_(verification.definitions),
          installation_(verification.definitions.installation) {}

    void check_users() {
        for (const User& user : definitions_.users) {
            for (const User::Grant& grant : user.grants) {
                check_grant(grant);
            }
        }
        if (verification_.unreadable.installation || verification_.unreadable.users) {
            return;
        }
        if (!installation_.sign_in && !definitions_.users.empty()) {
            verification_.warn(definitions_.users.front().where,
                               "nobody signs in: fristvakt.yaml has no `sign_in`",
                               "add `sign_in: {}` there, or leave users.csv out");
        }
    }

    void check_sign_in() {
        if (!installation_.sign_in || verification_.unreadable.installation) {
            return;
        }
        const SignInSettings& sign_in = *installation_.sign_in;
        if (!sign_in.by_mail && !sign_in.openid) {
            verification_.error(at("sign_in"), "there is no way left to sign in",
                                "leave out `mail: false`, or add `openid`");
        }
        if (!is_protected(installation_.public_url)) {
            verification_.error(at("public_url"),
                                "who signs in here would be overheard: the address is not https",
                                "put a proxy with TLS in front and write its https address");
        }
        if (sign_in.openid) {
            check_openid(*sign_in.openid);
        }
        const bool has_administrator =
            std::ranges::any_of(definitions_.users, [](const User& user) {
                return std::ranges::any_of(user.grants, [](const User::Grant& grant) {
                    return grant.role == Role::Administrator &&
                           grant.scope.kind == Scope::Kind::Installation;
                });
            });
        if (!has_administrator && !verification_.unreadable.users) {
            verification_.error(at("sign_in"), "nobody may administer this installation",
                                "add a row `ADDRESS,NAME,administrator` to users.csv, without a "
                                "region and a programme");
        }
    }

    void check_listeners() {
        const SourcePosition listen = at("http.listen", at("http"));
        const SourcePosition operator_listen = at("http.operator", listen);
        if (!is_this_machine(host_of(installation_.operator_listen))) {
            verification_.error(operator_listen,
                                fmt::format("{} is reached from other machines, and nobody signs "
                                            "in there",
                                            installation_.operator_listen),
                                "write 127.0.0.1:PORT");
        }
        if (!is_this_machine(host_of(installation_.listen))) {
            check_reachable(listen);
        }
        if (installation_.listen == installation_.operator_listen &&
            !installation_.listen.ends_with(":0")) {
            verification_.error(operator_listen,
                                "pages and operator's listener have the same address",
                                "give them two ports");
        }
    }

 private:
    [[nodiscard]] SourcePosition at(std::string_view key,
                                    const SourcePosition& otherwise = {}) const {
        return place(installation_.places, key, otherwise);
    }

    void check_grant(const User::Grant& grant) {
        if (grant.scope.kind == Scope::Kind::Region) {
            check_organisation(verification_, grant.scope.id, grant.where);
        }
        if (grant.scope.kind != Scope::Kind::Programme ||
            std::ranges::find(definitions_.cohorts, grant.scope.id, &Cohort::programme) !=
                definitions_.cohorts.end()) {
            return;
        }
        std::vector<std::string_view> known;
        for (const Cohort& cohort : definitions_.cohorts) {
            if (std::ranges::find(known, cohort.programme) == known.end()) {
                known.emplace_back(cohort.programme);
            }
        }
        verification_.error(grant.where, fmt::format("there is no programme `{}`", grant.scope.id),
                            did_you_mean(grant.scope.id, known));
    }

    void check_openid(const SignInSettings::OpenId& openid) {
        const SourcePosition issuer = at("sign_in.openid.issuer");
        if (!is_protected(openid.issuer)) {
            verification_.error(issuer, "this provider is not asked over https",
                                "write its https address");
        }
        for (const char* shared : {"/common/", "/organizations/", "/consumers/"}) {
            if (openid.issuer.find(shared) != std::string::npos &&
                openid.issuer.find("login.microsoftonline.com") != std::string::npos) {
                verification_.error(issuer, "this issuer is shared by everybody's tenants",
                                    "write your tenant's id instead: "
                                    "https://login.microsoftonline.com/TENANT-ID/v2.0");
            }
        }
    }

    /// Nobody may be reached by a page without a sign-in, and no session goes over open lines.
    void check_reachable(const SourcePosition& listen) {
        const auto error = [&](std::string_view why, std::string hint) {
            verification_.error(
                listen,
                fmt::format("{} is reached from other machines, and {}", installation_.listen, why),
                std::move(hint));
        };
        if (!installation_.sign_in) {
            error(
                "nobody signs in",
                "add `sign_in`, or listen on 127.0.0.1 with a proxy in front that asks who comes");
        } else if (installation_.trusted_proxies.empty()) {
            error("no proxy is named",
                  "add `trusted_proxy: ADDRESS`, that of the proxy with TLS in front");
        } else if (!installation_.public_url.starts_with("https://")) {
            error("`public_url` is not https", "write the https address of the proxy in front");
        }
    }

    Verification& verification_;
    const Definitions& definitions_;
    const Installation& installation_;
};

}  // namespace

void verify_sign_in(Verification& verification) {
    SignInCheck check{verification};
    check.check_users();
    check.check_sign_in();
    if (!verification.unreadable.installation) {
        check.check_listeners();
    }
}

}  // namespace fristvakt::workflows
