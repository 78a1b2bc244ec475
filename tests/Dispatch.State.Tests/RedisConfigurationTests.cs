using System.Collections.Immutable;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.State.Tests;

public sealed class RedisConfigurationTests
{
    [Fact]
    public void TryParse_EveryOption_IsRead()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "hush\nmore\n");
        Assert.True(RedisConfiguration.TryParse(
            $"10.0.0.1, redis-b:7000,[2001:db8::1]:6380,tls=true,tlsHost=redis.example.net,sentinel=10.0.0.3:26379,callTimeout=1500,connectTimeout=900,passwordFile={file}",
            "live", "ignored", out RedisSettings? settings, out _));
        Assert.Equal(["10.0.0.1:6379", "redis-b:7000", "[2001:db8::1]:6380"], settings.Endpoints.AsEnumerable());
        Assert.Equal(("live", true, "redis.example.net", "10.0.0.3:26379"), (settings.Prefix, settings.Tls, settings.TlsHost, Assert.Single(settings.Sentinels)));
        Assert.Equal((1500, 900), (settings.CallTimeout.TotalMilliseconds, settings.ConnectTimeout.TotalMilliseconds));
        Assert.Equal("hush", settings.Password!.Value);
        Assert.DoesNotContain("hush", settings.ToString(), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData("h:1,password=s3cret", "password must not stand here")]
    [InlineData("h:1,user=ana", "user must be absent")]
    [InlineData("h:1,pass=s3cret", "no option 'pass'")]
    [InlineData("h:1,tls=maybe", "tls is 'maybe'")]
    [InlineData("h:1,callTimeout=soon", "callTimeout is 'soon'")]
    [InlineData("h:1,callTimeout=1", "must be from 10 ms")]
    [InlineData("h:0", "'h:0' must be host:port")]
    [InlineData("h:1,caFile=/none", "'/none' is not there")]
    [InlineData("h:1,passwordFile=/none/s", "passwordFile '/none/s' cannot be read")]
    [InlineData("", "at least one endpoint")]
    public void TryParse_BreaksARule_SaysWhichWithoutTheSecret(string text, string rule)
    {
        Assert.False(RedisConfiguration.TryParse(text, null, null, out _, out ImmutableArray<string> faults));
        Assert.Contains(faults, f => f.Contains(rule, StringComparison.Ordinal));
        Assert.DoesNotContain(faults, static f => f.Contains("s3cret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a{b}")]
    [InlineData("é")]
    public void Faults_PrefixIsNone_SaysSo(string prefix) =>
        Assert.Contains("prefix", Assert.Single(new RedisSettings { Endpoints = ["h:1"], Prefix = prefix }.Faults()), StringComparison.Ordinal);

    [Fact]
    public void TryReadFile_EmptyFirstLine_IsAFault()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "\nsecond\n");
        Assert.False(Secret.TryReadFile(file, out _, out string fault));
        Assert.DoesNotContain("second", fault, StringComparison.Ordinal);
        File.Delete(file);
    }
}
