using System.Text.Json;

namespace TrafficDispatch.Service.Tests.Steering;

/// <summary>
/// The rules of steering manifests as the specifications state them (draft-pantos-hls-rfc8216bis-14, 7.1 and 7.2), read off the bytes and apart from what
/// writes them.
/// </summary>
internal static class SteeringRules
{
    /// <summary>What a manifest says, after every rule held.</summary>
    public sealed record Manifest(int Ttl, string? Reload, string[] Priority, Dictionary<string, string> Hosts);

    public static Manifest Read(string text, string basePathway = ".")
    {
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        Assert.Equal(JsonValueKind.Object, root.ValueKind);
        string[] known = ["VERSION", "TTL", "RELOAD-URI", "PATHWAY-PRIORITY", "PATHWAY-CLONES"];
        Assert.All(root.EnumerateObject(), p => Assert.Contains(p.Name, known));
        Assert.Equal(1, root.GetProperty("VERSION").GetInt32());
        int ttl = root.GetProperty("TTL").GetInt32();
        Assert.InRange(ttl, 1, 86_400);
        string? reload = root.TryGetProperty("RELOAD-URI", out JsonElement uri) ? uri.GetString() : null;
        if (reload is not null) Assert.True(Uri.TryCreate(reload, UriKind.RelativeOrAbsolute, out _));
        string[] priority = [.. root.GetProperty("PATHWAY-PRIORITY").EnumerateArray().Select(static p => p.GetString()!)];
        Assert.NotEmpty(priority);
        Assert.Equal(priority.Distinct(StringComparer.Ordinal), priority);
        Assert.All(priority, Sound);
        Dictionary<string, string> hosts = new(StringComparer.Ordinal);
        if (root.TryGetProperty("PATHWAY-CLONES", out JsonElement clones))
        {
            Assert.NotEqual(0, clones.GetArrayLength());
            foreach (JsonElement clone in clones.EnumerateArray())
            {
                Assert.Equal(["BASE-ID", "ID", "URI-REPLACEMENT"], clone.EnumerateObject().Select(static p => p.Name));
                string id = clone.GetProperty("ID").GetString()!;
                Assert.Equal(basePathway, clone.GetProperty("BASE-ID").GetString());
                Assert.NotEqual(basePathway, id);
                Assert.Contains(id, priority);
                string host = clone.GetProperty("URI-REPLACEMENT").GetProperty("HOST").GetString()!;
                // What a player puts in the place of a URI's host must leave a URI.
                Assert.Equal(host.Trim('[', ']'), new Uri($"https://{host}/a.m3u8").Host.Trim('[', ']'));
                hosts.Add(id, host);
            }
        }
        return new(ttl, reload, priority, hosts);
    }

    private static void Sound(string id) => Assert.Matches("^[A-Za-z0-9._-]+$", id);
}
