using System.Globalization;
using System.Security.Authentication;
using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>Turns our settings into the library's.</summary>
internal static class RedisOptions
{
    private const int Tries = 2;

    /// <summary>After this the library has given up by itself, on every try, whatever the nodes do.</summary>
    public static TimeSpan LongestOpening(RedisSettings settings) => (Tries + 1) * settings.ConnectTimeout + TimeSpan.FromSeconds(1);

    /// <summary>For the data nodes. No tie-breaker key and no configuration channel: a restricted user needs no right to them.</summary>
    public static ConfigurationOptions ForData(RedisSettings settings, RedisTrust? trust) => For(settings, settings.Endpoints, trust);

    /// <summary>For the Sentinels, which know few commands and usually no password of the data nodes.</summary>
    public static ConfigurationOptions ForSentinels(RedisSettings settings, RedisTrust? trust)
    {
        ConfigurationOptions options = For(settings, settings.Sentinels, trust);
        options.CommandMap = CommandMap.Sentinel;
        options.Password = null;
        return options;
    }

    private static ConfigurationOptions For(RedisSettings settings, IEnumerable<string> endpoints, RedisTrust? trust)
    {
        ConfigurationOptions options = new()
        {
            AbortOnConnectFail = false,
            ConnectTimeout = (int)settings.ConnectTimeout.TotalMilliseconds,
            SyncTimeout = (int)settings.CallTimeout.TotalMilliseconds,
            ResponseTimeout = (int)settings.CallTimeout.TotalMilliseconds,
            ConnectRetry = Tries,
            KeepAlive = 10,
            TieBreaker = "",
            ConfigurationChannel = "",
            ClientName = "dispatch",
            Password = settings.Password?.Value,
            Ssl = settings.Tls,
            SslHost = settings.TlsHost,
        };
        if (settings.Tls) options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (trust is not null) options.CertificateValidation += trust.Accepts;
        foreach (string endpoint in endpoints)
        {
            int colon = endpoint.LastIndexOf(':');
            options.EndPoints.Add(endpoint[..colon].Trim('[', ']'), int.Parse(endpoint.AsSpan(colon + 1), CultureInfo.InvariantCulture));
        }
        return options;
    }
}
