namespace TrafficDispatch.Cli.Remote;

/// <summary>An endpoint of a service that commands call.</summary>
/// <param name="Option">The option that says where it is.</param>
/// <param name="Variable">The environment variable that says so where the option is not given.</param>
/// <param name="Default">Where it is when nobody says otherwise.</param>
/// <param name="Description">What it is, for the help.</param>
internal sealed record RemoteEndpoint(string Option, string Variable, string Default, string Description)
{
    /// <summary>Answers.</summary>
    public static readonly RemoteEndpoint Serving = new("--address", "DISPATCH_ADDRESS", "http://127.0.0.1:5051", "gRPC endpoint");

    /// <summary>Changes.</summary>
    public static readonly RemoteEndpoint Admin = new("--admin", "DISPATCH_ADMIN", "http://127.0.0.1:5052", "Admin endpoint");
}
