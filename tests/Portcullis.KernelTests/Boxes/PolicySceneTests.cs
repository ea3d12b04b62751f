using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Scenes;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>For each kind of finding about the policy, what a real server is dressed in that raises it, and nearly the same that does not.</summary>
public sealed class PolicySceneTests(JudgedBoxes boxes) : IClassFixture<JudgedBoxes>
{
    private const string Anything = "";

    [Theory]
    [Scene("PC1001", "tcp/any/dual/7002/beacon.service", "roles: [web-server]",
        "tcp/any/dual/7002/beacon.service", "roles: [web-server]\nallow: [{ port: 7002/tcp, from: internet, reason: ours }]")]
    [Scene("PC1002", "host/tcp/443", "roles: [web-server]",
        Anything, "roles: [plain-web]\ndefine: { plain-web: { services: { http: { from: internet } } } }")]
    [Scene("PC1003", "exception:port 7002/tcp:2", "roles: []\nallow: [{ port: 7002/tcp, from: internet, reason: ours, expires: 2020-01-31 }]",
        Anything, "roles: []\nallow: [{ port: 7002/tcp, from: internet, reason: ours, expires: 2099-01-31 }]")]
    [Scene("PC1004", "tcp/any/ipv4/22/ssh.service", "roles: []\nallow: [{ port: 22/tcp, from: private, reason: ours }]",
        Anything, "roles: []\nallow: [{ port: 22/tcp, from: internet, reason: ours }]")]
    [Scene("PC1005", "exception:port 7999/tcp:2", "roles: []\nallow: [{ port: 7999/tcp, from: internet, reason: ours }]",
        Anything, "roles: []\nallow: [{ port: 7002/tcp, from: internet, reason: ours }]")]
    public async Task Policy_raises_the_finding_and_nearly_the_same_one_does_not(Suite suite, string id, string subject, string policy, string nearSubject, string near) =>
        ScenesAreProvedAttribute.Prove(id, await Told(suite, policy, subject), await Told(suite, near, nearSubject));

    private async Task<IEnumerable<string>> Told(Suite suite, string policy, string subject) =>
        ReportedAudit.Parse(await boxes.Audit(suite, policy)).Findings
            .Where(finding => subject == Anything || finding.Subject == subject).Select(finding => finding.Id);
}
