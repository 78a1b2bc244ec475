using TrafficDispatch.Service;

return await ServiceApplication.RunAsync(args);
