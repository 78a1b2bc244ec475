using System.Globalization;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using TrafficDispatch.Protocol.V1;

namespace Samples;

/// <summary>What to answer with: an edge's records or the fallback host, for whom and for how long. Ticks are those of the clock.</summary>
internal sealed record GslbAnswer(string Name, string Records, int Scope, long FreshUntil, long StaleUntil);

/// <summary>Asks the service, keeps what it said for its time and scope, and falls back to it when there is no newer word. For one thread.</summary>
internal sealed class Gslb(Routing.RoutingClient routing, TimeSpan deadline, TimeSpan longestKeep, TimeProvider clock)
{
    private const int MostKept = 10_000, StaleTtl = 5;

    // A pause after a failure that names none, and the longest that is believed; how long an answer may be given after its time.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(1), LongestStale = TimeSpan.FromHours(1);

    private readonly Dictionary<(string Service, IPNetwork Prefix), GslbAnswer> _kept = [];
    private long _quietUntil;

    /// <summary>Answers the questions of a reader, "SERVICE SUBNET" a line.</summary>
    /// <param name="args">HOST:PORT, then how many seconds a call may take (0.25), then how many an answer is kept at most (300).</param>
    /// <param name="questions">Where questions come from.</param>
    /// <param name="output">Where answers go.</param>
    public static async Task<int> RunAsync(string[] args, TextReader questions, TextWriter output)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{args[0]}");
        Gslb desk = new(new(channel), Seconds(args.ElementAtOrDefault(1) ?? "0.25"), Seconds(args.ElementAtOrDefault(2) ?? "300"), TimeProvider.System);
        while (await questions.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            await output.WriteLineAsync($"{line} -> {await desk.AnswerAsync(words[0], IPNetwork.Parse(words[1]))}");
            await output.FlushAsync();
        }
        return 0;
    }

    /// <summary>The answer in words, and where it is from.</summary>
    public async Task<string> AnswerAsync(string service, IPNetwork subnet)
    {
        long now = clock.GetTimestamp();
        GslbAnswer? kept = Find(service, subnet);
        if (kept is not null && now < kept.FreshUntil) return $"{Told(kept, now)} (kept)";
        if (now < _quietUntil) return LastGood(kept, now, "waiting before the next call");
        try
        {
            ResolveRequest request = new() { Service = service, ClientSubnet = subnet.ToString(), Count = 1 };
            ResolveReply reply = await routing.ResolveAsync(request, deadline: clock.GetUtcNow().UtcDateTime + deadline);
            return $"{Told(Keep(service, subnet, reply, now), now)} (asked)";
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound)
        {
            // Ours to mend: an older answer would hide it.
            return $"refused: {error.Status.Detail}";
        }
        catch (RpcException error)
        {
            _quietUntil = now + Ticks(PauseAfter(error));
            return LastGood(kept, now, error.StatusCode.ToString());
        }
    }

    // The kept answer whose scope holds the subnet; the narrowest of several.
    private GslbAnswer? Find(string service, IPNetwork subnet)
    {
        for (int length = subnet.PrefixLength; length >= 0; length--)
            if (_kept.TryGetValue((service, Around(subnet, length)), out GslbAnswer? found)) return found;
        return null;
    }

    private GslbAnswer Keep(string service, IPNetwork subnet, ResolveReply reply, long now)
    {
        (string name, string records) = reply.Edges is [EdgeChoice edge, ..]
            ? (edge.Id, string.Join(", ", edge.Endpoints.Select(static e => $"{e.Type.ToString().ToUpperInvariant()} {e.Value}")))
            : ("no edge:", reply.FallbackHost.Length > 0 ? $"CNAME {reply.FallbackHost}" : "no records");
        TimeSpan ttl = TimeSpan.FromSeconds(Math.Min(reply.Ttl, longestKeep.TotalSeconds));
        GslbAnswer answer = new(name, records, (int)reply.ScopePrefixLen, now + Ticks(ttl), now + Ticks(LongestStale));
        // What is over first, then all: a client that asks from everywhere must not fill the memory.
        if (_kept.Count >= MostKept) foreach (var old in _kept.Where(pair => pair.Value.FreshUntil <= now).ToList()) _kept.Remove(old.Key);
        if (_kept.Count >= MostKept) _kept.Clear();
        // A scope narrower than the question was answered for the question's subnet only.
        _kept[(service, Around(subnet, Math.Min(answer.Scope, subnet.PrefixLength)))] = answer;
        return answer;
    }

    private string LastGood(GslbAnswer? kept, long now, string why) =>
        kept is not null && now < kept.StaleUntil ? $"{Told(kept, now)} (last good: {why})" : $"no answer ({why})";

    private string Told(GslbAnswer answer, long now)
    {
        double left = clock.GetElapsedTime(now, answer.FreshUntil).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"{answer.Name} {answer.Records}; ttl {(left > 0 ? Math.Max(1, Math.Round(left)) : StaleTtl)}, scope /{answer.Scope}");
    }

    // What the service asks for where it is full, else a short pause, so that not every question waits for a deadline.
    private static TimeSpan PauseAfter(RpcException error) =>
        uint.TryParse(error.Trailers.GetValue("grpc-retry-pushback-ms"), NumberStyles.None, CultureInfo.InvariantCulture, out uint told)
            ? TimeSpan.FromMilliseconds(Math.Min(told, LongestPause.TotalMilliseconds))
            : Pause;

    private static IPNetwork Around(IPNetwork subnet, int length)
    {
        byte[] bytes = subnet.BaseAddress.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++) bytes[i] &= (byte)((0xff00 >> Math.Clamp(length - 8 * i, 0, 8)) & 0xff);
        return new(new IPAddress(bytes), length);
    }

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
