using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Protocol.V1;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>The part of a status that says how a process stands among those that share a store, and whether the guard lets tables through.</summary>
internal static class StatusReplica
{
    /// <summary>Writes the fields, named as in the protocol.</summary>
    public static void WriteJson(Utf8JsonWriter json, StatusReply reply)
    {
        json.WriteTextOrNull("guard_state", reply.Guard?.State ?? "");
        if (reply.Replica is not { } replica)
        {
            json.WriteNull("replica");
            return;
        }
        json.WriteStartObject("replica");
        json.WriteString("role", replica.Role);
        json.WriteString("name", replica.Name);
        json.WriteBoolean("leads", replica.Leads);
        json.WriteTextOrNull("leader", replica.Leader);
        json.WriteTextOrNull("trouble", replica.Trouble);
        json.WriteNumber("heard_seconds_ago", double.IsFinite(replica.HeardSecondsAgo) ? replica.HeardSecondsAgo : 0);
        json.WriteNumber("published_epoch", replica.PublishedEpoch);
        json.WriteNumber("published_version", replica.PublishedVersion);
        json.WriteEndObject();
    }

    /// <summary>Adds the rows.</summary>
    public static void Add(Grid table, StatusReply reply)
    {
        if (reply.Guard is { State: "holding" } guard)
            foreach (GuardFinding found in guard.Findings) table.Row("guard holds", $"{found.Message}; remedy: {found.Remedy}");
        if (reply.Replica is not { } replica) return;
        string leader = replica.Leads ? "leads" : replica.Leader.Length > 0 ? $"{replica.Leader} leads" : "nobody leads";
        table.Row("replica", string.Create(CultureInfo.InvariantCulture, $"{replica.Name}, role {replica.Role}; {leader}; heard the store {replica.HeardSecondsAgo:F0} s ago"));
        if (replica.Trouble.Length > 0) table.Row("store", replica.Trouble);
    }
}
