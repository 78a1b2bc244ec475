using System.Net.Sockets;
using StackExchange.Redis;

namespace TrafficDispatch.State.Redis;

/// <summary>Says in our words what the library's exceptions mean. None of them carries a secret.</summary>
internal static class RedisFailure
{
    private const string Refuses = "refuses the credentials; check the file that passwordFile in Redis:Configuration names, or the variable "
        + RedisSettings.PasswordVariable + ", and the rights of the user 'default'";

    /// <summary>True for what the network or the server did; false for a defect or a cancelled call.</summary>
    public static bool Is(Exception error) => error is RedisException or TimeoutException or SocketException or ObjectDisposedException;

    /// <summary>The failure that such an exception stands for.</summary>
    public static StoreUnavailableException Of(Exception error, string endpoints) => error switch
    {
        RedisServerException refusal => OfRefusal(refusal, endpoints),
        TimeoutException => new(StoreTrouble.TimedOut, $"Redis at {endpoints} gave no answer in time.", error),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } =>
            new(StoreTrouble.Denied, $"Redis at {endpoints} refuses the credentials, or TLS could not be agreed on: {error.Message}", error),
        _ when IsDenial(error.Message) => Denied(endpoints, error),
        _ => new(StoreTrouble.Unreachable, $"Redis at {endpoints} cannot be reached: {Brief(error.Message)}", error),
    };

    /// <summary>True where a message says that the server refused the credentials.</summary>
    public static bool IsDenial(string message) => OfText(message) == StoreTrouble.Denied || message.Contains("AuthenticationFailure", StringComparison.Ordinal);

    /// <summary>The failure that a refusal of the credentials is.</summary>
    public static StoreUnavailableException Denied(string endpoints, Exception error) => new(
        StoreTrouble.Denied, $"Redis at {endpoints} {Refuses}.", error);

    /// <summary>What the library says before it lists its counters.</summary>
    private static string Brief(string message)
    {
        int counters = message.IndexOf(", origin:", StringComparison.Ordinal);
        return counters < 0 ? message : message[..counters];
    }

    private static StoreUnavailableException OfRefusal(RedisServerException refusal, string endpoints)
    {
        StoreTrouble trouble = OfText(refusal.Message);
        string cause = trouble switch
        {
            StoreTrouble.Denied => Refuses,
            StoreTrouble.Full => "is full; raise maxmemory, or find who else fills it (docs/redis.md lists the sizes)",
            StoreTrouble.ReadOnly => "takes no writes now",
            StoreTrouble.Unreachable => "is still starting",
            _ => "answered with an error",
        };
        return new(trouble, $"Redis at {endpoints} {cause}: {refusal.Message}", refusal);
    }

    private static StoreTrouble OfText(string message)
    {
        if (Says(message, "NOAUTH", "WRONGPASS", "NOPERM", "invalid password")) return StoreTrouble.Denied;
        if (Says(message, "OOM")) return StoreTrouble.Full;
        if (Says(message, "LOADING", "MASTERDOWN")) return StoreTrouble.Unreachable;
        return Says(message, "READONLY", "MISCONF", "NOREPLICAS") ? StoreTrouble.ReadOnly : StoreTrouble.Failed;
    }

    private static bool Says(string message, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
            if (message.Contains(word, StringComparison.Ordinal)) return true;
        return false;
    }
}
