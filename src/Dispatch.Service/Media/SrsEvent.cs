using System.Text.Json;

namespace TrafficDispatch.Service.Media;

/// <summary>
/// What SRS posts to a hook: <c>{action, client_id, ip, vhost, app, stream, param, …}</c>, as its <c>srs_app_http_hooks.cpp</c> writes it (read in its versions of 2015; fields of SRS 6 from notes on 6.0.48).
/// </summary>
/// <param name="Action">For instance <c>on_publish</c>.</param>
/// <param name="Ip">The publisher's address as SRS saw it; empty where it is not said.</param>
/// <param name="Vhost">Virtual host.</param>
/// <param name="App">Application.</param>
/// <param name="Stream">Name of the stream.</param>
internal sealed record SrsEvent(string Action, string Ip, string Vhost, string App, string Stream)
{
    private const int LongestField = 512;

    /// <summary>What SRS calls the virtual host of servers that have none.</summary>
    public const string DefaultVhost = "__defaultVhost__";

    /// <summary>Reads a body.</summary>
    /// <param name="body">The bytes of a JSON object.</param>
    /// <param name="read">What it says.</param>
    /// <param name="fault">Which field, and what must hold; empty where it was read.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, out SrsEvent? read, out string fault)
    {
        (read, fault) = (null, "");
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                fault = "the body must be a JSON object";
                return false;
            }
            string action = Field(root, "action", ref fault), ip = Field(root, "ip", ref fault), vhost = Field(root, "vhost", ref fault);
            string app = Field(root, "app", ref fault), stream = Field(root, "stream", ref fault);
            if (fault.Length == 0 && action.Length == 0) fault = "field 'action' must be given";
            if (fault.Length == 0) read = new(action, ip, vhost, app, stream);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for text that is no UTF-8, or half of a surrogate pair: read only when its field is.
            fault = $"the body must be JSON: {e.Message}";
        }
        return read is not null;
    }

    /// <summary>The key that the stream is registered under; empty where a part is missing.</summary>
    public string Key(StreamKeyForm form) => Key(form, Vhost, App, Stream);

    /// <summary>The same for names that come in another way.</summary>
    public static string Key(StreamKeyForm form, string vhost, string app, string stream)
    {
        if (stream.Length == 0 || (form != StreamKeyForm.Stream && app.Length == 0)) return "";
        return form switch
        {
            StreamKeyForm.AppStream => $"{app}/{stream}",
            StreamKeyForm.VhostAppStream => $"{(vhost.Length > 0 ? vhost : DefaultVhost)}/{app}/{stream}",
            _ => stream,
        };
    }

    private static string Field(JsonElement root, string name, ref string fault)
    {
        if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return "";
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        bool isSound = value.ValueKind == JsonValueKind.String && text.Length <= LongestField && !text.Any(char.IsControl);
        if (!isSound && fault.Length == 0) fault = $"field '{name}' must be a text of at most {LongestField} characters without control characters";
        return isSound ? text : "";
    }
}
