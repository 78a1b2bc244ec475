using TrafficDispatch.Service.Options.Catalog;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace TrafficDispatch.Service.Options;

/// <summary>Binds the settings and checks all of them before anything starts.</summary>
internal sealed partial class SettingsReader
{
    private readonly IConfiguration _configuration;
    private readonly List<SettingFault> _faults = [];

    private SettingsReader(IConfiguration configuration) => _configuration = configuration;

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">The whole configuration of the process.</param>
    /// <param name="faults">Every setting that breaks a rule; empty where the settings can be used.</param>
    /// <returns>The settings with defaults filled in; only to be used where there is no fault.</returns>
    public static ServiceSettings Read(IConfiguration configuration, out IReadOnlyList<SettingFault> faults)
    {
        SettingsReader reader = new(configuration);
        SharedSettings? shared = reader.Shared();
        ServiceSettings settings = new(reader.World(), reader.State(), reader.Solve())
        {
            Telemetry = reader.Telemetry(),
            Guard = reader.Guard(),
            Health = reader.Health(),
            Load = reader.Load(),
            Probes = reader.Probes(),
            Dns = reader.Dns(),
            Paths = reader.Paths(),
            Admin = reader.Admin(),
            Media = reader.Media(),
            Steering = reader.Steering(),
            Watch = reader.Watch(),
            Page = reader.Page(),
            Planner = reader.Planner(),
            Otlp = reader.Otlp(),
            DecisionLog = reader.DecisionLog(),
            Tls = reader.Tls(),
            Overload = reader.Overload(),
            Shutdown = reader.Shutdown(),
            Shared = shared,
            Role = reader.RoleOf(reader.Text(Configuration).Length > 0),
        };
        reader.RefuseUnknown();
        reader.CheckEndpoints();
        reader.RefuseSharedPort();
        reader.CheckLogLevels();
        reader.RefuseWhatKestrelIgnores();
        faults = reader._faults;
        return settings;
    }

    private WorldSettings World()
    {
        WorldSettings world = new(
            FullPath("World:Path", Path.Combine(AppContext.BaseDirectory, "world")), FullPath("World:CountryMmdb", ""), FullPath("World:AsnMmdb", ""));
        if (world.AsnMmdb.Length > 0 && world.CountryMmdb.Length == 0)
            Fault("World:AsnMmdb", world.AsnMmdb, "needs World:CountryMmdb beside it: networks alone lead to no region");
        return world;
    }

    private StateSettings State() => new(FullPath("State:Path", DefaultStatePath()), Whole("State:KeptTables") ?? StateSettings.KeptByDefault);

    private static string DefaultStatePath()
    {
        string user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return user.Length > 0 ? Path.Combine(user, "TrafficDispatch", "state") : Path.Combine(AppContext.BaseDirectory, "state");
    }

    private string FullPath(string key, string whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        try
        {
            return Path.GetFullPath(text);
        }
        catch (ArgumentException e)
        {
            Fault(key, text, $"must be a path: {e.Message}");
            return whenAbsent;
        }
    }

    private string Text(string key) => _configuration[key]?.Trim() ?? "";

    /// <summary>A misspelt setting would otherwise leave its default in force unnoticed.</summary>
    private void RefuseUnknown()
    {
        foreach ((string section, IReadOnlyList<string> names) in SettingCatalog.Sections)
        {
            if (_configuration[section] is { Length: > 0 } value) Fault(section, value, $"is no setting by itself; did you mean {section}:{names[0]}?");
            foreach (IConfigurationSection child in _configuration.GetSection(section).GetChildren())
            {
                if (!names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                    Fault(child.Path, child.Value ?? "", $"is no setting of {section}; it has {string.Join(", ", names)}");
            }
        }
    }

    private void CheckEndpoints()
    {
        foreach (string name in EndpointDefaults.All)
        {
            string key = EndpointDefaults.UrlKey(name), url = Text(key);
            try
            {
                BindingAddress address = BindingAddress.Parse(url);
                if (address.Scheme is not ("http" or "https")) Fault(key, url, "must begin with http:// or https://");
                if (address.PathBase.Length > 0) Fault(key, url, "must have no path");
                if (address.Port is < 0 or > ushort.MaxValue) Fault(key, url, "must have a port from 0 to 65535");
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException)
            {
                Fault(key, url, "must be a URL of a local address and port, for instance http://127.0.0.1:5051");
            }
        }
    }

    /// <summary>The operating system would only say that the address is in use, as if by another process.</summary>
    private void RefuseSharedPort()
    {
        Dictionary<string, string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in EndpointDefaults.All)
        {
            string url = Text(EndpointDefaults.UrlKey(name));
            if (!url.EndsWith(":0", StringComparison.Ordinal) && !taken.TryAdd(url, name))
                Fault(EndpointDefaults.UrlKey(name), url, $"must differ from that of the {taken[url]} endpoint");
        }
    }

    private void CheckLogLevels()
    {
        foreach (IConfigurationSection level in _configuration.GetSection("Logging:LogLevel").GetChildren())
        {
            if (level.Value is { Length: > 0 } text && !Enum.TryParse(text, ignoreCase: true, out LogLevel _))
                Fault(level.Path, text, $"must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}");
        }
    }

    /// <summary>Kestrel reads endpoints and certificates from the configuration; it passes over limits and over protocols it does not know.</summary>
    private void RefuseWhatKestrelIgnores()
    {
        foreach (IConfigurationSection limit in _configuration.GetSection("Kestrel:Limits").GetChildren())
            Fault(limit.Path, limit.Value ?? "", "must be absent: see the settings of Overload");
        foreach (IConfigurationSection endpoint in _configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Protocols"] is { Length: > 0 } text && !Enum.TryParse(text, ignoreCase: true, out HttpProtocols _))
                Fault($"{endpoint.Path}:Protocols", text, $"must be one of {string.Join(", ", Enum.GetNames<HttpProtocols>())}");
        }
    }

    private void Fault(string key, string value, string rule) => _faults.Add(new(key, value, rule));
}
