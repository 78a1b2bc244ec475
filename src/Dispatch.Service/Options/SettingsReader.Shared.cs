using System.Collections.Immutable;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of processes that share their state.</summary>
internal sealed partial class SettingsReader
{
    private const string Configuration = "Redis:Configuration";

    private SharedSettings? Shared()
    {
        TimeSpan lease = Time("Redis:Lease", SharedSettings.DefaultLease), poll = Time("Redis:Poll", SharedSettings.DefaultPoll);
        string line = Text(Configuration), prefix = Text("Redis:Prefix");
        if (line.Length == 0)
        {
            foreach (string key in (ReadOnlySpan<string>)["Redis:Prefix", "Redis:Lease", "Redis:Poll"])
                if (Text(key) is { Length: > 0 } given) Fault(key, given, $"needs {Configuration} beside it");
            return null;
        }
        // From the environment alone: a configuration key could as well stand on the command line.
        string? password = Environment.GetEnvironmentVariable(RedisSettings.PasswordVariable);
        if (RedisConfiguration.TryParse(line, prefix.Length > 0 ? prefix : null, password, out RedisSettings? redis, out ImmutableArray<string> faults))
            return new(redis, lease, poll);
        foreach (string fault in faults) Fault(Configuration, "(not shown)", fault);
        return null;
    }

    private Role RoleOf(bool isShared)
    {
        Role role = Word("Role") is { } word ? Enum.Parse<Role>(word, ignoreCase: true) : Role.All;
        if (role != Role.All && !isShared) Fault("Role", Text("Role"), $"needs {Configuration} beside it: solving, serving and folding can only be parted over a shared store");
        return role;
    }
}
