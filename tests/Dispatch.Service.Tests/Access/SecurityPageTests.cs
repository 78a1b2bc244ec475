using System.Text.RegularExpressions;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Tests.Access;

/// <summary>The page must say of every call what the table says.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Roles_OnThePage_AreThoseOfTheTable()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));
        string[] told = [.. Row().Matches(page).Select(static m => $"{m.Groups["rpc"].Value} {m.Groups["roles"].Value}")];
        string[] meant =
        [
            .. RpcRules.All.Where(static r => r.Value.AnyOf != Roles.None)
                .Select(static r => $"{r.Key} {RoleNames.Of(r.Value.AnyOf).Replace(",", ", ", StringComparison.Ordinal)}{(r.Value.OffLoopbackOnly ? ", from other machines" : "")}"),
        ];
        Assert.Equal(meant.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| `(?<rpc>[\w.]+/\w+)` \| (?<roles>[^|]+?) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
