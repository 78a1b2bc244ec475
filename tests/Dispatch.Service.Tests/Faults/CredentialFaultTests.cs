using System.Diagnostics;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using TrafficDispatch.State.Redis;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>Wrong credentials at the start and while it runs. The secret never shows: not in logs, lists of processes, status, pages or metrics.</summary>
public sealed class CredentialFaultTests(ITestOutputHelper output)
{
    private const string Password = "correct-horse-battery", Wrong = "staple-of-another-age", Rotated = "quite-another-secret";

    [Fact]
    public async Task Redis_RefusesThePassword_IsSaidWithTheSettingAndEndsWhenItIsRightAgain()
    {
        using StateDirectory secrets = new();
        (string right, string wrong) = (Path.Combine(secrets.Path, "right"), Path.Combine(secrets.Path, "wrong"));
        await File.WriteAllTextAsync(right, Password + "\n");
        await File.WriteAllTextAsync(wrong, Wrong + "\n");
        await using ReplicaGroup group = await ReplicaGroup.StartAsync(await RedisServer.StartAsync("--requirepass", Password), null, Secret.FromEnvironment(Password), "--Redis:Lease=00:00:02");
        string server = group.Server.Endpoint;
        ReplicaProcess leader = await group.AddAsync("all", redis: $"{server},passwordFile={right}");
        ReplicaProcess replica = await group.AddAsync("serve", redis: server, environment: new Dictionary<string, string> { [RedisSettings.PasswordVariable] = Password });
        ReplicaProcess shut = await group.AddAsync("serve", redis: $"{server},passwordFile={wrong}");
        (StatusReply refused, TimeSpan took) = await shut.Until(static s => s.Replica.Trouble.Contains("refuses the credentials", StringComparison.Ordinal), "it says that its password is refused");
        ReplicaGroup.Measured(output, "wrong password at the start: it says so", took);
        Assert.Contains("passwordFile in Redis:Configuration", refused.Replica.Trouble, StringComparison.Ordinal);
        Assert.Contains(RedisSettings.PasswordVariable, refused.Replica.Trouble, StringComparison.Ordinal);
        await shut.Process.WaitForError("passwordFile in Redis:Configuration");
        Assert.Equal("no_table", refused.State);
        TableWitness witness = await TableWitness.OfAsync(leader, replica);

        // Rotated at the server alone; connections that stand are ended, as a server that is restarted does.
        Redis("CONFIG", "SET", "requirepass", Rotated);
        foreach (string type in (string[])["normal", "pubsub"]) Redis(Rotated, "CLIENT", "KILL", "TYPE", type);
        (StatusReply away, TimeSpan seen) = await replica.Until(static s => s.State == "stale" && s.Replica.Trouble.Contains("refuses the credentials", StringComparison.Ordinal), "it says that the password is refused");
        ReplicaGroup.Measured(output, "password rotated at the server: a replica says that it is stale and why", seen);
        await leader.Until(static s => !s.Replica.Leads && s.State == "stale", "the leader stops leading");
        Redis(Rotated, "CONFIG", "SET", "requirepass", Password);
        long back = Stopwatch.GetTimestamp();
        await group.ChangeWorldAsync();
        await replica.Until(async s => s.State == "ready" && (await replica.ResolveAsync()).Ttl == (uint)group.Ttl, "it serves the changed world");
        ReplicaGroup.Measured(output, "password put back: a replica serves a new table", ReplicaGroup.Since(back));
        await witness.EndAsync();
        foreach (ReplicaProcess process in (ReplicaProcess[])[leader, replica, shut]) await ShowsNoSecret(process, away);

        void Redis(params string[] command)
        {
            string password = command[0] == Rotated ? Rotated : Password;
            RedisConsole.Run(group.Server, ["--no-auth-warning", "-a", password, .. command[0] == Rotated ? command[1..] : command]);
        }
    }

    private static async Task ShowsNoSecret(ReplicaProcess process, StatusReply earlier)
    {
        using HttpClient http = new();
        string shown = process.Process.Output + process.Process.Errors + await File.ReadAllTextAsync($"/proc/{process.Process.Id}/cmdline")
            + await process.StatusAsync() + earlier + await http.GetStringAsync(new Uri(process.HttpUrl + "/plain")) + await http.GetStringAsync(new Uri(process.HttpUrl + "/metrics"));
        foreach (string secret in (string[])[Password, Wrong, Rotated]) Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
    }
}
